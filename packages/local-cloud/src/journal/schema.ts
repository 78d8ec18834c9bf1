import type { JournalKind, JournalRows } from './rows.ts';

type ColumnType = 'TEXT' | 'INTEGER' | 'INTEGER NULL';

/** Columns of each kind of row; the compiler holds them to {@link JournalRows}. */
export const columns: {
  readonly [K in JournalKind]: Readonly<Record<keyof JournalRows[K], ColumnType>>;
} = {
  changes: {
    stream: 'TEXT',
    position: 'INTEGER',
    item: 'TEXT',
    name: 'TEXT',
    at: 'INTEGER',
    record: 'TEXT',
  },
  invocations: {
    id: 'TEXT',
    function: 'TEXT',
    causeKind: 'TEXT',
    causeName: 'TEXT',
    startedAt: 'INTEGER',
    endedAt: 'INTEGER',
    error: 'TEXT',
  },
  deliveries: {
    mapping: 'TEXT',
    source: 'TEXT',
    invocation: 'TEXT',
    positions: 'TEXT',
    passed: 'INTEGER',
    outcome: 'TEXT',
    startedAt: 'INTEGER',
    endedAt: 'INTEGER',
  },
  events: {
    id: 'TEXT',
    bus: 'TEXT',
    source: 'TEXT',
    detailType: 'TEXT',
    at: 'INTEGER',
    event: 'TEXT',
    trace: 'TEXT',
  },
  eventDeliveries: {
    event: 'TEXT',
    bus: 'TEXT',
    rule: 'TEXT',
    target: 'TEXT',
    replay: 'TEXT',
    outcome: 'TEXT',
    at: 'INTEGER',
  },
  executions: {
    arn: 'TEXT',
    stateMachine: 'TEXT',
    name: 'TEXT',
    status: 'TEXT',
    input: 'TEXT',
    output: 'TEXT',
    error: 'TEXT',
    cause: 'TEXT',
    startedAt: 'INTEGER',
    endedAt: 'INTEGER NULL',
    trace: 'TEXT',
    definition: 'TEXT',
    redrives: 'INTEGER',
    redrivenAt: 'INTEGER NULL',
  },
  definitions: { key: 'TEXT', definition: 'TEXT' },
  history: {
    execution: 'TEXT',
    id: 'INTEGER',
    previousId: 'INTEGER',
    type: 'TEXT',
    at: 'INTEGER',
    details: 'TEXT',
  },
  refusals: {
    at: 'INTEGER',
    caller: 'TEXT',
    action: 'TEXT',
    resource: 'TEXT',
    message: 'TEXT',
    policy: 'TEXT',
    statement: 'TEXT',
    remove: 'TEXT',
    trace: 'TEXT',
  },
  messages: {
    id: 'TEXT',
    channel: 'TEXT',
    at: 'INTEGER',
    recipient: 'TEXT',
    subject: 'TEXT',
    text: 'TEXT',
    html: 'TEXT',
    function: 'TEXT',
    outcome: 'TEXT',
    tags: 'TEXT',
    headers: 'TEXT',
  },
};

/** The kinds of rows that are written again under the same key: the later row takes the earlier one's place. */
const REPLACED: ReadonlySet<JournalKind> = new Set(['executions', 'history', 'definitions']);

/** What is kept for a restart; see State. */
const STATE =
  'CREATE TABLE IF NOT EXISTS state (kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, UNIQUE (kind, key))';

/** What was trimmed; see trims.ts. */
const TRIMS =
  'CREATE TABLE IF NOT EXISTS trims (subject TEXT PRIMARY KEY, until INTEGER NOT NULL, rows INTEGER NOT NULL)';

const INDEXES = [
  'CREATE UNIQUE INDEX IF NOT EXISTS changesByPosition ON changes (stream, position)',
  'CREATE INDEX IF NOT EXISTS changesByItem ON changes (item)',
  'CREATE UNIQUE INDEX IF NOT EXISTS executionsByArn ON executions (arn)',
  'CREATE INDEX IF NOT EXISTS executionsByName ON executions (name)',
  'CREATE INDEX IF NOT EXISTS executionsByEnd ON executions (endedAt)',
  'CREATE UNIQUE INDEX IF NOT EXISTS definitionsByKey ON definitions (key)',
  'CREATE UNIQUE INDEX IF NOT EXISTS historyById ON history (execution, id)',
  'CREATE UNIQUE INDEX IF NOT EXISTS messagesById ON messages (id)',
];

const JOURNAL_KINDS: readonly JournalKind[] = [
  'changes',
  'invocations',
  'deliveries',
  'events',
  'eventDeliveries',
  'executions',
  'definitions',
  'history',
  'refusals',
  'messages',
];

/** SQL that makes the journal's tables and indexes; harmless where they exist. */
export function schemaSql(): string {
  const tables = JOURNAL_KINDS.map((kind) => {
    const definitions = Object.entries(columns[kind]).map(
      ([name, type]) => `"${name}" ${type === 'INTEGER NULL' ? 'INTEGER' : `${type} NOT NULL`}`,
    );
    return `CREATE TABLE IF NOT EXISTS ${kind} (${definitions.join(', ')})`;
  });
  return [...tables, STATE, TRIMS, ...INDEXES].join(';\n');
}

/** SQL that writes one row of `kind` from parameters in the order of its columns. */
export function insertSql(kind: JournalKind): string {
  const verb = REPLACED.has(kind) ? 'INSERT OR REPLACE' : 'INSERT';
  const names = Object.keys(columns[kind]);
  return `${verb} INTO ${kind} VALUES (${names.map(() => '?').join(', ')})`;
}

/** Whether what SQLite gave back is a row of `kind`: the border between the file and the types. */
export function isRow<K extends JournalKind>(kind: K, value: object): value is JournalRows[K] {
  return Object.entries(columns[kind]).every(([name, type]) => {
    const cell: unknown = Reflect.get(value, name);
    if (type === 'TEXT') return typeof cell === 'string';
    return typeof cell === 'number' || (type === 'INTEGER NULL' && cell === null);
  });
}
