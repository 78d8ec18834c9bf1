import type { LawResult } from './laws.ts';

/** A line of the audit trail, as far as the laws need it: thousands of changes fit into memory so, and whole lines do not. */
export interface KeptLine {
  readonly eventId: string;
  /** Digest of what it says. */
  readonly digest: string;
  /** The move that it tells of, where an order's status changed. */
  readonly move?: OrderMove | undefined;
}

/** A change of an order's status. */
export interface OrderMove {
  readonly orderId: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** Event ids of a table's changes, as the stream had them, and the lines about it in the audit trail. */
export interface TableMemory {
  readonly table: string;
  readonly changes: readonly string[];
  readonly lines: readonly KeptLine[];
}

/** Law 6: every change stands in the audit trail, and what stands there twice says the same. */
export function everyChangeKept(tables: readonly TableMemory[]): LawResult {
  const violations = tables.flatMap(({ table, changes, lines }) => {
    const kept = new Map<string, string>();
    const found: string[] = [];
    for (const { eventId, digest } of lines) {
      const other = kept.get(eventId);
      if (other !== undefined && other !== digest)
        found.push(`${table}: ${eventId} stands there twice, and differs`);
      kept.set(eventId, digest);
    }
    const missing = changes.filter((eventId) => !kept.has(eventId));
    return [...found, ...missing.map((eventId) => `${table}: change ${eventId} is not in the audit trail`)];
  });
  const checked = tables.reduce((sum, { changes }) => sum + changes.length, 0);
  return { law: 6, name: 'Memory', checked, of: 'changes', violations };
}
