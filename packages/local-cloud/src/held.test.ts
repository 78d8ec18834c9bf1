import { heldBy } from './held.ts';
import { Journal } from './journal/journal.ts';
import { Trimmer } from './journal/trimmer.ts';

const DAY = 24 * 3_600_000;
const NOW = 1_000 * DAY;

let journal: Journal;
beforeEach(() => {
  journal = new Journal('');
});
afterEach(() => journal.close());

const held = (enginePid: number | undefined = undefined) =>
  heldBy({
    journal,
    functions: { held: async () => ({ instances: 3, mb: 60 }) },
    tables: { enginePid },
    queues: { held: () => ({ messages: 2, objects: { count: 4, bytes: 5 } }) },
  });

const execution = (name: string, status: string, endedAt: number | null) => ({
  ...{ arn: name, stateMachine: 'm', name, status, input: '{}', output: '', error: '', cause: '' },
  ...{ startedAt: 1, endedAt, trace: '', definition: 'd', redrives: 0, redrivenAt: null },
});
const event = (name: string, id: number) => ({
  ...{ execution: name, id, previousId: 0, type: 'T', at: 1, details: '{}' },
});

it('what is held is told: memory, functions, queues, buckets', async () => {
  const told = await held();

  expect(told).toMatchObject({
    functions: { instances: 3, mb: 60 },
    messages: 2,
    objects: { count: 4, bytes: 5 },
  });
  expect(told.heapMb).toBeGreaterThan(1);
  expect(told.processMb).toBeGreaterThan(told.heapMb);
});

it.each`
  engine             | pid            | told
  ${'of our own'}    | ${process.pid} | ${process.platform === 'linux'}
  ${'elsewhere'}     | ${undefined}   | ${false}
  ${'that has gone'} | ${2 ** 30}     | ${false}
`(
  'the memory of a table engine $engine is told: $told',
  async ({ pid, told }: { pid: number; told: boolean }) => {
    const { tablesMb } = await held(pid);

    expect(tablesMb !== null && tablesMb > 1).toBe(told);
  },
);

it('rows are counted by kind, less what was trimmed', async () => {
  for (let position = 1; position <= 10; position += 1) {
    const at = position <= 4 ? 1 : NOW;
    journal.append('changes', { stream: 's', position, item: 'i', name: 'INSERT', at, record: '{}' });
  }
  for (const [name, status, endedAt] of [
    ['done', 'SUCCEEDED', NOW - 2 * DAY],
    ['failed', 'FAILED', NOW - 20 * DAY],
    ['running', 'RUNNING', null],
  ] as const) {
    journal.append('executions', execution(name, status, endedAt));
    for (const id of [1, 2]) journal.append('history', event(name, id));
  }

  const before = await held();
  await new Trimmer({ journal, clock: { now: () => NOW }, eventsKeptMs: 0 }).trim();
  const after = await held();

  expect(before.journal.rows).toMatchObject({ changes: 10, executions: 3, history: 6, messages: 0 });
  expect(before.journal.trimmed).toEqual({});
  expect(after.journal.rows).toMatchObject({ changes: 6, executions: 3, history: 2, messages: 0 });
  expect(after.journal.trimmed).toEqual({
    changes: { until: 1, rows: 4 },
    history: { until: NOW - 2 * DAY, rows: 2 },
    redrivable: { until: NOW - 20 * DAY, rows: 2 },
  });
});
