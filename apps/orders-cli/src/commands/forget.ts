import { createInterface } from 'node:readline/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { openBucket, type Bucket } from '../archive/bucket.ts';
import { listed } from '../archive/lines.ts';
import type { Command } from '../command.ts';
import { UsageError } from '../errors.ts';
import { forgetCustomer } from '../forget/forget.ts';
import { forgottenText, remainsOf } from '../forget/report.ts';
import { openFunction } from '../invoke.ts';
import { printJson, say, sayWaiting } from '../output.ts';
import { openSession, outputOf, type Session } from '../session.ts';

const PAUSE_MS = 1_000;

/** `orders forget`: removes a person's data from every store, and says what it removed. */
export const forget: Command = {
  usage: 'forget <customerId> [--yes]',
  summary: "Removes a customer's personal data from tables, cache and archive; open orders keep it.",
  options: { yes: { type: 'boolean' } },
  operands: { least: 1, most: 1 },
  async run(input) {
    const customerId = input.operands[0] ?? '';
    if (customerId.trim() === '')
      throw new UsageError('The customer id is empty. Usage: orders forget <customerId>');
    if (input.values['yes'] !== true) await confirm(customerId, input.signal);
    const session = await openSession(input);
    try {
      const result = await withTools(session, input.signal, (tools) => forgetCustomer(customerId, tools));
      const deadLetters = await countOf(session, 'dead_letter_bucket');
      const remains = remainsOf(deadLetters);
      if (input.values['json'] === true) printJson({ ...result, deadLetters, remains });
      else process.stdout.write(`${forgottenText(result, remains)}\n`);
      if (result.kept.length > 0) say(`${result.kept.length} open orders keep their customer.`);
      return result.kept.length === 0 ? 0 : 1;
    } finally {
      await session.close();
    }
  },
};

/** @throws UsageError without a terminal to ask at, or when the answer is not yes. */
async function confirm(customerId: string, signal: AbortSignal): Promise<void> {
  if (!process.stdin.isTTY)
    throw new UsageError('This cannot be undone, and there is no terminal to ask at. Confirm it with --yes.');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const question = `Remove all personal data of customer ${customerId}? It cannot be undone. [y/N] `;
    const answer = await terminal.question(question, { signal });
    if (!/^y(es)?$/i.test(answer.trim())) throw new UsageError('Nothing was removed.', 1);
  } finally {
    terminal.close();
  }
}

async function withTools<Result>(
  session: Session,
  signal: AbortSignal,
  work: (tools: Parameters<typeof forgetCustomer>[1]) => Promise<Result>,
): Promise<Result> {
  const activityTable = outputOf(session, 'activity_table');
  const archive = await openBucket(session, 'archive_bucket');
  const cacheFunction = session.status.outputs['refresh_cache_function'];
  const cache = cacheFunction ? await openFunction(session, cacheFunction) : undefined;
  try {
    return await work({
      session,
      activityTable,
      archive,
      refreshCache: cache && ((ids) => cache.ask({ refresh: { kind: 'order', ids } })),
      settled: () => session.cloud.settled(signal, sayWaiting),
      pause: () => sleep(PAUSE_MS, undefined, { signal }),
      say,
      now: () => Date.now(),
      signal,
    });
  } finally {
    archive.close();
    cache?.close();
  }
}

async function countOf(session: Session, output: string): Promise<number> {
  const bucket: Bucket = await openBucket(session, output);
  return (await listed(bucket.list('')).finally(() => bucket.close())).length;
}
