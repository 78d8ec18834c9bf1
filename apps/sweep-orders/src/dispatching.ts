import { serviceUrl, signedFetch } from '@orderstream/lambda-kit';

/** How the dispatcher's mappings stand. */
export interface Dispatching {
  /** How many somebody has paused: what they bring waits in the streams meanwhile, and nothing else tells of it. */
  readonly paused: number;
  /** How many are to bring changes and can't, or are not there: what they can't read, nobody hears of. */
  readonly broken: number;
  /** What went wrong with those of which Lambda told nothing this time. */
  readonly unknown: readonly unknown[];
}

type Standing = 'brings' | 'paused' | 'broken';

/** States of a mapping that brings nothing, or is about to. */
const PAUSED: ReadonlySet<string> = new Set(['Disabled', 'Disabling']);
/** Answers of Lambda that stay: the mapping is another one by now, or this function may not ask for it. */
const LASTING: ReadonlySet<number> = new Set([403, 404]);

/**
 * Looks at the dispatcher's mappings.
 *
 * @param uuids of the mappings.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_GetEventSourceMapping.html
 */
export async function lookAtDispatching(uuids: readonly string[]): Promise<Dispatching> {
  const answers = await Promise.allSettled(uuids.map(standingOf));
  const count = (standing: Standing) =>
    answers.filter((answer) => answer.status === 'fulfilled' && answer.value === standing).length;
  return {
    paused: count('paused'),
    broken: count('broken'),
    unknown: answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : [])),
  };
}

async function standingOf(uuid: string): Promise<Standing> {
  const url = new URL(`${serviceUrl('lambda')}/2015-03-31/event-source-mappings/${uuid}`);
  const response = await signedFetch({ service: 'lambda', method: 'GET', url });
  if (LASTING.has(response.status)) return 'broken';
  const text = await response.text();
  if (!response.ok) throw new Error(`Lambda did not tell of mapping ${uuid}: ${response.status} ${text}`);
  const { State = '', LastProcessingResult }: { State?: string; LastProcessingResult?: string | null } =
    JSON.parse(text);
  if (PAUSED.has(State)) return 'paused';
  return LastProcessingResult?.startsWith('PROBLEM') === true ? 'broken' : 'brings';
}
