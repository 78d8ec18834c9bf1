import * as z from 'zod';

/** What of a stack costs money without an order, or decides how orders are billed. */
export interface StackFacts {
  /** Metrics under alarms: each is billed as an alarm of its own. */
  readonly alarms: number;
  readonly archives: number;
  /** Queues that a mapping polls. */
  readonly polledQueues: number;
  /** Runs of functions by schedules in a month, and the GB of the largest of those functions. */
  readonly scheduledRuns: number;
  readonly scheduledGb: number;
  readonly cacheNodes: number;
  readonly searchNodes: number;
  /** GB of the disks under the nodes for search, all together. */
  readonly searchGb: number;
  /** Units of all tables and indexes where they are provisioned; null where they are on demand. */
  readonly provisioned: { readonly read: number; readonly write: number } | null;
}

const resource = z.record(z.string(), z.unknown());
const units = z.object({ read_capacity: z.number().default(0), write_capacity: z.number().default(0) });
const tables = units.extend({
  billing_mode: z.string().default('PROVISIONED'),
  global_secondary_index: z.array(units).default([]),
});
const document = z.object({ resource: z.record(z.string(), z.record(z.string(), resource)) });
const nodes = z.object({ num_cache_clusters: z.number().default(1) });
const domain = z.object({
  cluster_config: z.object({ instance_count: z.number().default(1) }),
  ebs_options: z.object({ volume_size: z.number() }).optional(),
});
const alarm = z.object({ metric_query: z.array(z.object({ metric: resource.optional() })).optional() });
const rule = z.object({ schedule_expression: z.string().optional() });

const MINUTES_A_MONTH = 730 * 60;
const MINUTES: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 1440 };
/** Memory of the functions that schedules run. */
const SCHEDULED_GB = 0.5;

/** Reads them from a stack's Terraform JSON. @throws ZodError when it is none. */
export function stackFacts(terraform: string): StackFacts {
  const all = document.parse(JSON.parse(terraform)).resource;
  const of = (type: string) => Object.values(all[type] ?? {});
  const sum = <T>(items: readonly T[], amount: (item: T) => number) =>
    items.reduce((total, item) => total + amount(item), 0);
  const everyTable = of('aws_dynamodb_table').map((table) => tables.parse(table));
  const isProvisioned = everyTable.some((table) => table.billing_mode === 'PROVISIONED');
  const parts = everyTable.flatMap((table) => [table, ...table.global_secondary_index]);
  const domains = of('aws_opensearch_domain').map((one) => domain.parse(one));
  return {
    alarms: sum(of('aws_cloudwatch_metric_alarm'), (one) => metricsUnder(alarm.parse(one))),
    archives: of('aws_cloudwatch_event_archive').length,
    polledQueues: of('aws_lambda_event_source_mapping').filter(({ event_source_arn }) =>
      String(event_source_arn).includes('aws_sqs_queue'),
    ).length,
    scheduledRuns: sum(of('aws_cloudwatch_event_rule'), (one) =>
      runsAMonth(rule.parse(one).schedule_expression),
    ),
    scheduledGb: SCHEDULED_GB,
    cacheNodes: sum(of('aws_elasticache_replication_group'), (one) => nodes.parse(one).num_cache_clusters),
    searchNodes: sum(domains, (one) => one.cluster_config.instance_count),
    searchGb: sum(domains, (one) => one.cluster_config.instance_count * (one.ebs_options?.volume_size ?? 0)),
    provisioned: isProvisioned
      ? { read: sum(parts, (one) => one.read_capacity), write: sum(parts, (one) => one.write_capacity) }
      : null,
  };
}

/** An expression is made of metrics and is none itself. */
function metricsUnder({ metric_query: queries }: z.infer<typeof alarm>): number {
  return queries === undefined ? 1 : queries.filter(({ metric }) => metric !== undefined).length;
}

/** Of a rate; a cron expression is taken as once a day. */
function runsAMonth(expression: string | undefined): number {
  if (expression === undefined) return 0;
  const [, count, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  return Math.round(MINUTES_A_MONTH / (Number(count ?? 1) * (MINUTES[unit] ?? 1440)));
}
