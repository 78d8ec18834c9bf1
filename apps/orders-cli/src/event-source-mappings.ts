import { UsageError } from './errors.ts';
import type { Session } from './session.ts';

/** An event source mapping as Lambda's API tells it. */
interface Mapping {
  readonly UUID: string;
  readonly FunctionArn: string;
}

/**
 * Pauses or resumes the mappings of those functions that are chosen, through Lambda's own API. A paused one keeps its
 * position.
 *
 * @returns how many there are.
 */
export async function enableMappings(
  session: Pick<Session, 'status'>,
  enabled: boolean,
  chosen: (functionName: string) => boolean,
): Promise<number> {
  const url = `${session.status.endpoint}/2015-03-31/event-source-mappings/`;
  const listed = await answerOf(await fetch(url), url);
  const { EventSourceMappings } = (await listed.json()) as { EventSourceMappings: readonly Mapping[] };
  const wanted = EventSourceMappings.filter(({ FunctionArn }) => chosen(FunctionArn.split(':').at(-1) ?? ''));
  for (const { UUID } of wanted) {
    const body = JSON.stringify({ Enabled: enabled });
    await answerOf(await fetch(`${url}${UUID}`, { method: 'PUT', body }), `${url}${UUID}`);
  }
  return wanted.length;
}

async function answerOf(answer: Response, what: string): Promise<Response> {
  if (answer.ok) return answer;
  throw new UsageError(`The local cloud answered ${answer.status} to ${what}: ${await answer.text()}`, 1);
}
