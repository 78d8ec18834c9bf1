import type { Metric } from './metrics.ts';

/** A widget of a dashboard, without its place. */
export interface Widget {
  readonly type: 'metric' | 'text' | 'alarm';
  /** Of the dashboard's 24 columns. */
  readonly width: number;
  /** In units of a row. */
  readonly height: number;
  readonly properties: object;
}

/** A metric as a line of a graph. */
export interface Line {
  readonly metric: Metric;
  readonly label: string;
}

export const line = (label: string, metric: Metric): Line => ({ label, metric });

export interface GraphProps {
  readonly title: string;
  readonly region: string;
  readonly lines: readonly Line[];
  readonly unit: string;
  readonly stacked?: boolean;
}

const PERIOD = 300;

/**
 * A graph of metrics over time, from zero.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
export function graph({ title, region, lines, unit, stacked = false }: GraphProps): Widget {
  const metrics = lines.map(({ label, metric: { namespace, name, dimensions, statistic } }) => [
    namespace,
    name,
    ...Object.entries(dimensions).flat(),
    { label, stat: statistic },
  ]);
  return {
    type: 'metric',
    width: 12,
    height: 6,
    properties: {
      title,
      region,
      view: 'timeSeries',
      stacked,
      period: PERIOD,
      yAxis: { left: { min: 0, label: unit, showUnits: false } },
      metrics,
    },
  };
}

export const text = (markdown: string): Widget => ({
  type: 'text',
  width: 24,
  height: 4,
  properties: { markdown },
});

/** How alarms stand, each as a light. */
export const alarmLights = (title: string, arns: readonly string[]): Widget => ({
  type: 'alarm',
  width: 24,
  height: 3,
  properties: { title, alarms: arns },
});

/** Metrics that a graph takes, for what is free by number. */
export function metricsOf(widget: Widget): number {
  return 'metrics' in widget.properties && Array.isArray(widget.properties.metrics)
    ? widget.properties.metrics.length
    : 0;
}

/** Places widgets in rows, from left to right: a row ends where the next one does not fit. */
export function placed(widgets: readonly Widget[]): object[] {
  let x = 0;
  let y = 0;
  let rowHeight = 0;
  return widgets.map((widget) => {
    if (x + widget.width > 24) {
      x = 0;
      y += rowHeight;
      rowHeight = 0;
    }
    const place = { x, y };
    x += widget.width;
    rowHeight = Math.max(rowHeight, widget.height);
    return { ...widget, ...place };
  });
}
