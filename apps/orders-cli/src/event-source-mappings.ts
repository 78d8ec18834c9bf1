import { UsageError } from './errors.ts';
import type { Session } from './session.ts';

/** An event source mapping as Lambda's API tells it. */
interface Mapping {
  readonly UUID: string;
  readonly FunctionArn: string;
}

interface Page {
  readonly EventSourceMappings: readonly Mapping[];
  readonly NextMarker?: string | null;
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
  const wanted = (await allMappings(url)).filter(({ FunctionArn }) => chosen(functionIn(FunctionArn)));
  for (const { UUID } of wanted) {
    const body = JSON.stringify({ Enabled: enabled });
    await answerOf(await fetch(`${url}${UUID}`, { method: 'PUT', body }), `${url}${UUID}`);
  }
  return wanted.length;
}

/** The function's name in its ARN, which may end with an alias: `arn:aws:lambda:eu-west-1:1:function:name:live`. */
function functionIn(arn: string): string {
  return arn.split(':')[6] ?? '';
}

/** Every mapping, page by page. */
async function allMappings(url: string): Promise<Mapping[]> {
  const found: Mapping[] = [];
  let marker: string | null | undefined;
  do {
    const page = marker ? `${url}?${new URLSearchParams({ Marker: marker }).toString()}` : url;
    const { EventSourceMappings, NextMarker } = (await (
      await answerOf(await fetch(page), page)
    ).json()) as Page;
    found.push(...EventSourceMappings);
    marker = NextMarker;
  } while (marker);
  return found;
}

async function answerOf(answer: Response, what: string): Promise<Response> {
  if (answer.ok) return answer;
  throw new UsageError(`The local cloud answered ${answer.status} to ${what}: ${await answer.text()}`, 1);
}
