import { z } from 'zod';
import type { Metric } from '../stack/model.ts';

/** A metric in a line of a log, with what it came to. */
export interface EmbeddedMetric {
  readonly metric: Metric;
  readonly values: readonly number[];
}

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
 * The custom metrics in a line of a function's log (the embedded metric format): each set of dimension values makes one of
 * its own.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function embeddedMetrics(line: string): EmbeddedMetric[] {
  if (!line.includes('"CloudWatchMetrics"')) return [];
  const { success, data } = embedded.safeParse(parsed(line));
  if (!success) return [];
  return data._aws.CloudWatchMetrics.flatMap(({ Namespace: namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((names) => {
      const dimensions = Object.fromEntries(names.map((name) => [name, String(data[name])]));
      return Metrics.map(({ Name: name }) => ({
        metric: { namespace, name, dimensions },
        values: [data[name]].flat().filter((value) => typeof value === 'number'),
      }));
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
