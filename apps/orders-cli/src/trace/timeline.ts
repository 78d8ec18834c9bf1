import type { JournalRow } from '../cloud-client.ts';

/** One thing that happened to an order. */
export interface TraceEntry {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Where it was seen: in the table, on the way from its stream, in the workflow, on the bus. */
  readonly what: 'change' | 'workflow' | 'event' | 'dispatch' | 'refusal';
  readonly text: string;
}

/** What the journal holds about one order. */
export interface TraceSources {
  readonly changes: readonly JournalRow[];
  readonly deliveries: readonly JournalRow[];
  readonly executions: readonly JournalRow[];
  readonly history: readonly JournalRow[];
  readonly events: readonly JournalRow[];
  /** Calls on the order's way that the stack's policies refused. */
  readonly refusals: readonly JournalRow[];
}

/** Everything that happened to an order, in order of time. */
export function timeline(sources: TraceSources): TraceEntry[] {
  const entries: TraceEntry[] = [
    ...sources.changes.map(changeEntry),
    ...sources.deliveries.map(deliveryEntry),
    ...sources.executions.flatMap(executionEntries),
    ...sources.history.flatMap(historyEntry),
    ...sources.events.map(eventEntry),
    ...sources.refusals.map(refusalEntry),
  ];
  return entries.sort((a, b) => a.at - b.at);
}

function changeEntry(row: JournalRow): TraceEntry {
  const record = parse(row['record']);
  const images = field(record, 'dynamodb');
  const before = status(field(images, 'OldImage'));
  const after = status(field(images, 'NewImage'));
  const by = attribute(field(images, 'NewImage'), 'updatedBy');
  const moved = before === after ? `stays ${after ?? '–'}` : `${before ?? 'nothing'} → ${after ?? 'removed'}`;
  return { at: Number(row['at']), what: 'change', text: `${moved}${by === undefined ? '' : `, by ${by}`}` };
}

function deliveryEntry(row: JournalRow): TraceEntry {
  const took = Number(row['endedAt']) - Number(row['startedAt']);
  return {
    at: Number(row['startedAt']),
    what: 'dispatch',
    text: `change ${String(row['position'])} handed over by ${String(row['mapping'])}: ${String(row['outcome'])} (${took} ms)`,
  };
}

function executionEntries(row: JournalRow): TraceEntry[] {
  const name = String(row['name']);
  const begun: TraceEntry = {
    at: Number(row['startedAt']),
    what: 'workflow',
    text: `execution ${name} started`,
  };
  if (row['endedAt'] === null) return [begun];
  const why = row['error'] ? `: ${String(row['error'])}` : '';
  return [
    begun,
    {
      at: Number(row['endedAt']),
      what: 'workflow',
      text: `execution ${name} ${String(row['status'])}${why}`,
    },
  ];
}

/** The events of a history that tell a person something. */
function historyEntry(row: JournalRow): TraceEntry[] {
  const type = String(row['type']);
  const details = memberOf(parse(row['details']));
  const at = Number(row['at']);
  if (type.endsWith('StateEntered'))
    return [{ at, what: 'workflow', text: `${String(field(details, 'name'))} …` }];
  if (type.endsWith('StateExited'))
    return [{ at, what: 'workflow', text: `${String(field(details, 'name'))} done` }];
  if (type.startsWith('Task') && (type.endsWith('Failed') || type.endsWith('TimedOut'))) {
    return [{ at, what: 'workflow', text: `failed with ${String(field(details, 'error'))}` }];
  }
  return [];
}

function eventEntry(row: JournalRow): TraceEntry {
  const message = field(field(parse(row['event']), 'detail'), 'message');
  return { at: Number(row['at']), what: 'event', text: `${String(row['detailType'])}: ${String(message)}` };
}

function refusalEntry(row: JournalRow): TraceEntry {
  const { at, caller, action, resource, policy, statement } = row;
  const remedy = statement === '' ? `denied by ${policy}` : `${policy} lacks ${statement}`;
  return { at: Number(at), what: 'refusal', text: `${caller}: ${action} on ${resource} refused; ${remedy}` };
}

/** A history event's details stand under the one member that its type has. */
function memberOf(details: unknown): unknown {
  return typeof details === 'object' && details !== null ? Object.values(details)[0] : undefined;
}

function status(image: unknown): string | undefined {
  return attribute(image, 'status');
}

function attribute(image: unknown, name: string): string | undefined {
  const value = field(field(image, name), 'S');
  return typeof value === 'string' ? value : undefined;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function parse(text: unknown): unknown {
  return typeof text === 'string' && text !== '' ? JSON.parse(text) : undefined;
}
