import { z } from 'zod';
import type { Meter } from './meter.ts';

/** Bytes that CloudWatch Logs counts for an event besides its text. */
const EVENT_OVERHEAD = 26;

const embedded = z.looseObject({
  _aws: z.object({
    CloudWatchMetrics: z.array(
      z.object({
        Namespace: z.string(),
        Dimensions: z.array(z.array(z.string())),
        Metrics: z.array(z.object({ Name: z.string() })),
      }),
    ),
  }),
});

/**
 * Counts what a function wrote: bytes that are ingested, and the custom metrics in it (the embedded metric format).
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function countLog(meter: Meter, functionName: string, text: string): void {
  for (const line of text.split('\n')) {
    if (line === '') continue;
    meter.add(functionName, 'logs.bytes', Buffer.byteLength(line) + EVENT_OVERHEAD);
    if (line.includes('"CloudWatchMetrics"')) for (const name of metricsIn(line)) meter.metric(name);
  }
}

/** Each set of dimension values makes a metric of its own. */
function metricsIn(line: string): string[] {
  const { success, data } = embedded.safeParse(parsed(line));
  if (!success) return [];
  return data._aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((names) => {
      const dimensions = names.map((name) => `${name}=${String(data[name])}`).join(',');
      return Metrics.map(({ Name }) => `${Namespace} ${Name} {${dimensions}}`);
    }),
  );
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
