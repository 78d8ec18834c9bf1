import type { LedgerEntry, SandboxBehaviour } from '@orderstream/domain';
import { sandboxAnswer } from './sandbox-provider.ts';

const SUBJECT = { key: 'charge#1', kind: 'charge', orderId: '1' } as const;

/** A ledger in memory, and a sandbox on it that behaves in one way. */
function sandbox(behaviour: SandboxBehaviour) {
  let entry: LedgerEntry | undefined;
  let attempts = 0;
  const waits: unknown[] = [];
  const ledger = {
    countAttempt: async () => (attempts += 1),
    record: async () => {
      const first = entry === undefined;
      entry ??= { ...SUBJECT, state: 'charged', id: 'ch_1' };
      return { entry, first };
    },
  };
  const ask = () =>
    sandboxAnswer(
      ledger,
      { subject: SUBJECT, behaviour, deed: { id: 'ch_1' }, signal: new AbortController().signal },
      (reason) => new Error(reason),
      async (milliseconds) => {
        waits.push(milliseconds, entry?.id);
      },
    ).then(
      (answer) => ('refused' in answer ? answer.refused : answer.entry.id),
      (error: Error) => error.message,
    );
  return { ask, waits, done: () => entry !== undefined };
}

it.each<[SandboxBehaviour, string[]]>([
  [{ kind: 'approve' }, ['ch_1', 'ch_1']],
  [{ kind: 'refuse', reason: 'card_declined' }, ['card_declined', 'card_declined']],
  [{ kind: 'unavailable', times: 2 }, ['unavailable', 'unavailable', 'ch_1', 'ch_1']],
  [{ kind: 'lost-answer' }, ['the answer was lost', 'ch_1']],
])('%j answers with %j', async (behaviour, answers) => {
  const { ask } = sandbox(behaviour);

  for (const answer of answers) expect(await ask()).toBe(answer);
});

it('does nothing where it refuses', async () => {
  const { ask, done } = sandbox({ kind: 'refuse', reason: 'card_declined' });
  await ask();

  expect(done()).toBe(false);
});

it('has done it before it is slow to answer, and is quick to answer again', async () => {
  const { ask, waits } = sandbox({ kind: 'slow', milliseconds: 700 });
  await ask();
  await ask();

  expect(waits).toEqual([700, 'ch_1']);
});
