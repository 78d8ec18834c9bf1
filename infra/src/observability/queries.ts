import type { Watched } from './watched.ts';

/** A query that is saved in CloudWatch Logs Insights. */
export interface SavedQuery {
  /** Ends its name. */
  readonly name: string;
  /** Functions whose logs are asked; all of them unless it is given. */
  readonly functionNames?: readonly string[];
  readonly lines: readonly string[];
}

/** What is asked of logs again and again: docs/operating says when. Each line of a query is one of its commands. */
export function savedQueries({ dispatcher, readers, sweep }: Watched): readonly SavedQuery[] {
  return [
    {
      name: 'one-order',
      // In a line about many, the order is one of orderIds.
      lines: [
        'fields @timestamp, service, level, message, action, status, error, @message',
        'filter @message like "ORDER-ID"',
        'sort @timestamp asc',
        'limit 1000',
      ],
    },
    {
      name: 'errors-by-function',
      lines: [
        'filter level = "ERROR" or level = "WARN" or @message like "Task timed out"',
        'stats count(*) as lines, latest(message) as newest by service, level',
        'sort lines desc',
      ],
    },
    {
      name: 'slowest',
      lines: [
        'filter type = "platform.report"',
        'stats count(*) as invocations, pct(record.metrics.durationMs, 50) as p50, pct(record.metrics.durationMs, 99) as p99, max(record.metrics.durationMs) as slowest, max(record.metrics.maxMemoryUsedMB) as memoryMb by @log',
        'sort p99 desc',
      ],
    },
    {
      name: 'quarantined',
      functionNames: [dispatcher, ...readers].map(({ functionName }) => functionName),
      lines: [
        'fields @timestamp, service, message, quarantined, unreadable, failed, reasons.0',
        'filter quarantined > 0 or unreadable > 0 or failed > 0',
        'sort @timestamp desc',
        'limit 200',
      ],
    },
    {
      name: 'sweeps',
      functionNames: [sweep.functionName],
      lines: [
        'fields @timestamp, level, orderId, concern, message, looked, redrive, start, restart, hold, reported, later',
        'filter ispresent(looked) or ispresent(concern)',
        'sort @timestamp desc',
        'limit 200',
      ],
    },
  ];
}
