import type { Metric } from '../stack/model.ts';
import { type EmbeddedMetric, embeddedMetrics } from './embedded-metrics.ts';
import type { Meter } from './meter.ts';

/** Bytes that CloudWatch Logs counts for an event besides its text. */
const EVENT_OVERHEAD = 26;

/**
 * Counts what a function wrote: bytes that are ingested, and the custom metrics in it.
 * @param onMetric is told of every metric in it.
 */
export function countLog(
  meter: Meter,
  functionName: string,
  text: string,
  onMetric: (metric: EmbeddedMetric) => void = () => undefined,
): void {
  for (const line of text.split('\n')) {
    if (line === '') continue;
    meter.add(functionName, 'logs.bytes', Buffer.byteLength(line) + EVENT_OVERHEAD);
    for (const embedded of embeddedMetrics(line)) {
      meter.metric(nameOf(embedded.metric));
      onMetric(embedded);
    }
  }
}

function nameOf({ namespace, name, dimensions }: Metric): string {
  const pairs = Object.entries(dimensions).map(([dimension, value]) => `${dimension}=${value}`);
  return `${namespace} ${name} {${pairs.join(',')}}`;
}
