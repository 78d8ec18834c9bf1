import { judgedFrom, missingFrom } from './trimmed.ts';

const MORNING = Date.UTC(2026, 0, 2, 8);
const NOON = Date.UTC(2026, 0, 2, 12);

const nothing = { changes: [], deliveries: [], executions: [], history: [], events: [], refusals: [] };
const insert = { name: 'INSERT', at: NOON };
const ended = { name: 'order-1', arn: 'arn:1', startedAt: NOON + 9, endedAt: NOON + 99 };
const whole = { ...nothing, changes: [insert], executions: [ended], history: [{ execution: 'arn:1' }] };
const upTo = (until: number, ...subjects: string[]) =>
  Object.fromEntries(subjects.map((subject) => [subject, { until, rows: 1 }]));

describe('a trace', () => {
  it.each([
    ['of an order that began later misses nothing', whole, upTo(MORNING, 'changes', 'deliveries'), []],
    ['of a journal that is whole misses nothing', nothing, {}, []],
    [
      'misses what was trimmed since the order began',
      whole,
      { ...upTo(NOON, 'deliveries'), ...upTo(MORNING, 'events') },
      ['deliveries up to 2026-01-02T12:00:00.000Z'],
    ],
    [
      'without its first change goes by the execution',
      { ...whole, changes: [{ name: 'MODIFY', at: NOON + 50 }] },
      { ...upTo(NOON + 20, 'changes'), ...upTo(MORNING, 'events') },
      ['changes up to 2026-01-02T12:00:00.020Z'],
    ],
    [
      'of which nothing is left names all that was trimmed',
      nothing,
      upTo(NOON, 'changes', 'deliveries', 'events', 'executions', 'messages'),
      ['changes', 'deliveries', 'events', 'executions'].map(
        (what) => `${what} up to 2026-01-02T12:00:00.000Z`,
      ),
    ],
    [
      'misses the history of an execution that has none any more',
      { ...whole, history: [] },
      upTo(NOON + 99, 'history'),
      ['the history of execution order-1'],
    ],
    [
      'misses nothing of an execution that only begins',
      { ...whole, executions: [{ ...ended, endedAt: null }], history: [] },
      upTo(MORNING, 'history'),
      [],
    ],
  ])('%s', (_, sources, trimmed, missing) => {
    expect(missingFrom(sources, trimmed)).toEqual(missing);
  });
});

describe('what is judged by the journal', () => {
  it('says from when on: after the last of what was trimmed', () => {
    const trimmed = { ...upTo(MORNING, 'changes'), ...upTo(NOON, 'deliveries') };

    expect(judgedFrom(trimmed, 'changes', 'deliveries')).toBe(
      ', judged from 2026-01-02T12:00:00.000Z on; older rows were trimmed',
    );
  });

  it('says nothing while all of it is there', () => {
    expect(judgedFrom(upTo(NOON, 'messages'), 'changes', 'deliveries')).toBe('');
  });
});
