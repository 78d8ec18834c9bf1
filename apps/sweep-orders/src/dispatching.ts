import { serviceUrl, signedFetch } from '@orderstream/lambda-kit';

/** States of a mapping that brings nothing, or is about to. */
const PAUSED: ReadonlySet<string> = new Set(['Disabled', 'Disabling']);

/**
 * How many of the dispatcher's mappings somebody has paused: what they bring waits in the streams meanwhile, and nothing
 * else tells of it.
 *
 * @param uuids of the mappings. @throws Error with Lambda's own words.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_GetEventSourceMapping.html
 */
export async function pausedMappings(uuids: readonly string[]): Promise<number> {
  const states = await Promise.all(uuids.map(stateOf));
  return states.filter((state) => PAUSED.has(state)).length;
}

async function stateOf(uuid: string): Promise<string> {
  const url = new URL(`${serviceUrl('lambda')}/2015-03-31/event-source-mappings/${uuid}`);
  const response = await signedFetch({ service: 'lambda', method: 'GET', url });
  const text = await response.text();
  if (!response.ok) throw new Error(`Lambda did not tell of mapping ${uuid}: ${response.status} ${text}`);
  const { State = '' }: { readonly State?: string } = JSON.parse(text);
  return State;
}
