import type { LawResult } from './laws.ts';

/** Event ids of a table's changes, as the stream had them, and the lines about it in the audit trail. */
export interface TableMemory {
  readonly table: string;
  readonly changes: readonly string[];
  /** Each line's event id and what it says, as text. */
  readonly lines: readonly (readonly [eventId: string, line: string])[];
}

/** Law 6: every change stands in the audit trail, and what stands there twice says the same. */
export function everyChangeKept(tables: readonly TableMemory[]): LawResult {
  const violations = tables.flatMap(({ table, changes, lines }) => {
    const kept = new Map<string, string>();
    const found: string[] = [];
    for (const [eventId, line] of lines) {
      const other = kept.get(eventId);
      if (other !== undefined && other !== line)
        found.push(`${table}: ${eventId} stands there twice, and differs`);
      kept.set(eventId, line);
    }
    const missing = changes.filter((eventId) => !kept.has(eventId));
    return [...found, ...missing.map((eventId) => `${table}: change ${eventId} is not in the audit trail`)];
  });
  const checked = tables.reduce((sum, { changes }) => sum + changes.length, 0);
  return { law: 6, name: 'Memory', checked, of: 'changes', violations };
}
