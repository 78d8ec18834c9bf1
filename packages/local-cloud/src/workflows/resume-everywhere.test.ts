import { MovableClock } from '../clock.ts';
import { InFlight } from '../in-flight.ts';
import { Journal } from '../journal/journal.ts';
import type { JournalKind, JournalRows } from '../journal/rows.ts';
import { invoke, MACHINE_ARN, machineOf, turn } from './workflows.fixture.ts';
import { Workflows } from './workflows.ts';

/** A row as it was appended, of whichever kind. */
interface Appended {
  readonly append: (journal: Journal) => void;
  readonly kind: JournalKind;
  readonly row: JournalRows[JournalKind];
}

const retry = (...ErrorEquals: string[]) => ({
  Retry: [{ ErrorEquals, IntervalSeconds: 5, MaxAttempts: 3 }],
});
const into = (name: string) => ({
  ResultSelector: { 'answer.$': '$.Payload' },
  ResultPath: `$.${name}`,
  OutputPath: '$',
});
const one = (name: string, state: object) => ({ StartAt: name, States: { [name]: state } });

/** Retries, a wait, a timeout, a Map and a Parallel whose parts retry and wait, a Parallel that is retried, a catch. */
const DEFINITION = {
  StartAt: 'Flaky',
  States: {
    Flaky: invoke('flaky', { ...retry('Busy'), ...into('flaky'), Next: 'Wait' }),
    Wait: { Type: 'Wait', Seconds: 60, Next: 'Slow' },
    Slow: invoke('slow', {
      TimeoutSeconds: 20,
      ...retry('States.Timeout'),
      ...into('slow'),
      Next: 'Items',
    }),
    Items: {
      Type: 'Map',
      ItemsPath: '$.items',
      MaxConcurrency: 2,
      ItemProcessor: one('Item', invoke('item', { ...retry('Busy'), End: true })),
      ResultPath: '$.items',
      Next: 'Both',
    },
    Both: {
      Type: 'Parallel',
      ...retry('Bad'),
      Branches: [
        {
          StartAt: 'Rest',
          States: {
            Rest: { Type: 'Wait', Seconds: 3, Next: 'After' },
            After: invoke('after', { End: true }),
          },
        },
        one('Fails', invoke('fails', { End: true })),
      ],
      ResultPath: '$.both',
      Next: 'Never',
    },
    Never: invoke('never', {
      Catch: [{ ErrorEquals: ['Bad'], ResultPath: '$.caught', Next: 'Enough' }],
      Next: 'Enough',
    }),
    Enough: {
      Type: 'Choice',
      Choices: [{ Variable: '$.caught', IsPresent: true, Next: 'Done' }],
      Default: 'Wrong',
    },
    Done: { Type: 'Pass', End: true },
    Wrong: { Type: 'Fail' },
  },
};

const INPUT = JSON.stringify({ items: ['a', 'b', 'c'] });
const ARN = `${MACHINE_ARN.replace('stateMachine', 'execution')}:e`;

/** How often each call failed that answers in the end, and how: told by its payload, so that no process has to remember. */
const FAILURES: Readonly<Record<string, number>> = { flaky: 2, slow: 1, 'item "b"': 1, fails: 1, never: 1 };

/** The same, except that nothing is done about what fails late: it is redriven, once for the Parallel and once for the task. */
const REDRIVEN = {
  ...DEFINITION,
  States: {
    ...DEFINITION.States,
    Both: { ...DEFINITION.States.Both, Retry: [] },
    Never: invoke('never', { Next: 'Done' }),
  },
};

/**
 * Runs the execution from these rows on, to its end; where that is a failure, it is redriven.
 * @param calls what was called and has ended, by function and payload; this process adds to it.
 */
async function runFrom(definition: object, rows: readonly Appended[], calls: Map<string, number>) {
  const journal = new Journal(':memory:');
  for (const { append } of rows) append(journal);
  const appended: Appended[] = [...rows];
  const last = rows.findLast(({ kind }) => kind === 'history')?.row;
  const clock = new MovableClock(last && 'at' in last ? last.at - Date.now() : 0);
  const inFlight = new InFlight();
  const failed = (type: string) => ({
    requestId: 'r',
    functionError: 'Unhandled' as const,
    payload: JSON.stringify({ errorType: type, errorMessage: '', trace: [] }),
  });
  const workflows = new Workflows({
    stateMachines: [machineOf(definition)],
    invoker: {
      async invoke(name, payload) {
        await turn();
        const called = name === 'item' ? `${name} ${payload}` : name;
        const times = (calls.get(called) ?? 0) + 1;
        calls.set(called, times);
        const fails = times <= (FAILURES[called] ?? 0);
        if (name === 'slow' && fails) return new Promise(() => undefined);
        if (fails && (name === 'never' || name === 'fails')) return failed('Bad');
        if (fails) return failed('Busy');
        return { requestId: 'r', payload: JSON.stringify(called), functionError: undefined };
      },
    },
    clock,
    inFlight,
    journal: {
      append: <K extends JournalKind>(kind: K, row: JournalRows[K]) => {
        appended.push({ kind, row, append: (to) => to.append(kind, row) });
        journal.append(kind, row);
      },
      get: (sql, ...parameters) => journal.get(sql, ...parameters),
      rows: (kind, rest, ...parameters) => journal.rows(kind, rest, ...parameters),
      durable: () => journal.durable(),
    },
    region: 'eu-central-1',
    accountId: '111111111111',
  });
  if (rows.some(({ kind }) => kind === 'executions')) workflows.resume();
  else workflows.startExecution(MACHINE_ARN, 'e', INPUT);
  const row = () => journal.rows('executions', 'WHERE arn = ?', ARN)[0];
  for (let steps = 0; row()?.status !== 'SUCCEEDED' && steps < 400; steps++) {
    if (row()?.status === 'FAILED') workflows.redriveExecution(ARN, undefined);
    for (let turns = 0; turns < 6; turns++) await turn();
    await clock.advance(1_000);
  }
  const history = journal.rows('history', 'WHERE execution = ? ORDER BY id', ARN);
  const outcome = { status: row()?.status, output: row()?.output };
  workflows.stop();
  clock.stop();
  journal.close();
  return { appended, outcome, history };
}

/** What happened, told without the order in which parts that ran beside one another did. */
const summary = (history: readonly JournalRows['history'][]) =>
  history
    .map(({ type, details }) => `${type} ${/"name":"[^"]*"(,"index":\d+)?/.exec(details)?.[0] ?? ''}`)
    .sort();

/** What must be the same wherever it is interrupted. */
function seenOf({ outcome, history }: Awaited<ReturnType<typeof runFrom>>, calls: Map<string, number>) {
  return { outcome, calls: Object.fromEntries([...calls].sort()), history: summary(history) };
}

/** The calls that the rows say have ended. */
function endedCalls(rows: readonly Appended[]): Map<string, number> {
  const history = rows.flatMap(({ kind, row }) => (kind === 'history' && 'details' in row ? [row] : []));
  const byId = new Map(history.map((row) => [row.id, row]));
  const calls = new Map<string, number>();
  for (const { type, previousId } of history) {
    if (!/^Task(Succeeded|Failed|TimedOut)$/.test(type)) continue;
    const scheduled = byId.get(byId.get(previousId)?.previousId ?? 0)?.details ?? '';
    const { taskScheduledEventDetails } = JSON.parse(scheduled) as {
      taskScheduledEventDetails: { parameters: string };
    };
    const { FunctionName: name, Payload } = JSON.parse(taskScheduledEventDetails.parameters) as {
      FunctionName: string;
      Payload: unknown;
    };
    const called = name === 'item' ? `${name} ${JSON.stringify(Payload)}` : name;
    calls.set(called, (calls.get(called) ?? 0) + 1);
  }
  return calls;
}

const answers = {
  ...{ flaky: { answer: 'flaky' }, slow: { answer: 'slow' }, both: ['after', 'fails'] },
  items: ['item "a"', 'item "b"', 'item "c"'],
};

it.each([
  ['', DEFINITION, { ...answers, caught: { Error: 'Bad', Cause: expect.any(String) as string } }],
  [', redriven twice,', REDRIVEN, 'never'],
])(
  'an execution%s ends the same wherever a crash interrupts it, and repeats no task that had ended',
  async (_, definition, output) => {
    const wholeCalls = new Map<string, number>();
    const whole = await runFrom(definition, [], wholeCalls);
    expect(whole.outcome.status).toBe('SUCCEEDED');
    expect(JSON.parse(whole.outcome.output ?? '')).toEqual(output);
    const expected = seenOf(whole, wholeCalls);
    const problems: object[] = [];

    const started = whole.appended.findIndex(({ kind }) => kind === 'executions') + 1;
    for (let length = started; length < whole.appended.length; length++) {
      const before = whole.appended.slice(0, length);
      // The redrive and that the execution runs are written at once.
      if (Object.values(before.at(-1)?.row ?? {}).includes('ExecutionRedriven')) continue;
      const calls = endedCalls(before);
      const seen = seenOf(await runFrom(definition, before, calls), calls);
      if (JSON.stringify(seen) !== JSON.stringify(expected)) problems.push({ after: before.at(-1), seen });
    }

    expect(problems).toEqual([]);
  },
  60_000,
);
