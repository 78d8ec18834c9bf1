import { printJson, say } from '../output.ts';
import type { DeadLetters, Result, Selection, Verb } from './letters.ts';
import { NONE_WAITS, outcomesOf, outcomesText, resultTable } from './text.ts';

/** What is done to which letters, and whether it is told as one JSON document. */
export interface Act {
  readonly verb: Verb;
  readonly selection: Selection;
  readonly dryRun: boolean;
  readonly json: boolean;
}

/**
 * Redrives or discards page after page and tells what became of each letter. A signal ends it between two pages; after
 * that, and after any trouble, what was done until then is told as well.
 *
 * @returns the exit code: 1 when a letter stays, or more wait than could be looked at. @throws what broke it off.
 */
export async function act(
  letters: Pick<DeadLetters, 'act' | 'incomplete'>,
  { verb, selection, dryRun, json }: Act,
  signal: AbortSignal,
): Promise<number> {
  const results: Result[] = [];
  say(`${verb === 'redrive' ? 'Redriving' : 'Discarding'}${dryRun ? ' for show' : ''} …`);
  let broken: { readonly error: unknown } | undefined;
  try {
    for await (const page of letters.act(verb, selection, dryRun, signal)) {
      if (!json && page.length > 0) process.stdout.write(`${resultTable(page)}\n`);
      if (results.length > 0) say(`${results.length + page.length} looked at …`);
      results.push(...page);
    }
  } catch (error) {
    broken = { error };
  }
  if (broken !== undefined && results.length === 0) throw broken.error;
  const outcomes = outcomesOf(results);
  if (json)
    printJson({ results, outcomes, complete: broken === undefined && letters.incomplete === undefined });
  else if (results.length > 0)
    process.stdout.write(`${outcomesText(outcomes)}.${dryRun ? ' Nothing was changed.' : ''}\n`);
  else process.stdout.write(`${NONE_WAITS}\n`);
  if (letters.incomplete !== undefined) say(letters.incomplete);
  if (broken === undefined)
    return outcomes['stays'] === undefined && letters.incomplete === undefined ? 0 : 1;
  say(`Broken off after ${results.length}: the others stand as they did. Run it again to go on.`);
  throw broken.error;
}
