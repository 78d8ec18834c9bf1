import {
  logger,
  Problem,
  readBody,
  refuseWrong,
  serviceUrl,
  signedFetch,
  unknownParameters,
  type Answer,
  type ApiRequest,
} from '@orderstream/lambda-kit';
import * as z from 'zod/mini';
import { AwsRefusal } from '../aws-call.ts';
import { parsed, record } from '../json.ts';

/** The mappings that bring the dispatcher its changes. */
export interface Mappings {
  /** UUIDs by table. */
  readonly uuids: Readonly<Record<string, string>>;
  /** The mapping's state, in Lambda's words: Enabled, Disabling … */
  state(uuid: string): Promise<string>;
  /** Answers the state that follows. @throws Problem when Lambda is changing the mapping already. */
  enable(uuid: string, enabled: boolean): Promise<string>;
}

/** Mappings on Lambda. @param uuids by table. */
export function awsMappings(uuids: Mappings['uuids']): Mappings {
  return {
    uuids,
    state: (uuid) => ask(uuid),
    enable: (uuid, enabled) => ask(uuid, JSON.stringify({ Enabled: enabled })),
  };
}

const bodySchema = z.strictObject({ paused: z.boolean('must be true or false') });

/** States of a mapping that brings nothing, or is about to. */
const PAUSED: ReadonlySet<string> = new Set(['Disabled', 'Disabling']);

/** GET /dispatching: whether changes are brought to the dispatcher. */
export async function getDispatching(
  { query }: Pick<ApiRequest, 'query'>,
  mappings: Mappings,
): Promise<Answer> {
  refuseWrong('query', unknownParameters(query));
  return told(mappings, (uuid) => mappings.state(uuid));
}

/** PUT /dispatching: stops or starts bringing changes. The mappings keep their positions: nothing is left out. */
export async function setDispatching(
  request: Pick<ApiRequest, 'json' | 'query'>,
  mappings: Mappings,
): Promise<Answer> {
  const { paused } = readBody(request, bodySchema);
  return told(mappings, async (uuid, table) => {
    const before = await mappings.state(uuid);
    if (PAUSED.has(before) === paused) return before;
    const state = await mappings.enable(uuid, !paused);
    const did = paused ? 'paused' : 'resumed';
    logger.info(`Dispatching of ${table} was ${did}.`, { table, mapping: uuid, before, state });
    return state;
  });
}

async function told(
  { uuids }: Mappings,
  stateOf: (uuid: string, table: string) => Promise<string>,
): Promise<Answer> {
  const mappings = await Promise.all(
    Object.entries(uuids).map(async ([table, uuid]) => ({ table, state: await stateOf(uuid, table) })),
  );
  const paused = mappings.every(({ state }) => PAUSED.has(state));
  return { status: 200, body: { paused, mappings } };
}

/**
 * Lambda's answers while it carries out an earlier change.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_UpdateEventSourceMapping.html
 */
const STILL_CHANGING: ReadonlySet<string> = new Set(['ResourceInUseException', 'ResourceConflictException']);

/** Asks for a mapping, or changes it where there is a body. Answers its state. */
async function ask(uuid: string, body?: string): Promise<string> {
  const response = await signedFetch({
    service: 'lambda',
    method: body === undefined ? 'GET' : 'PUT',
    url: new URL(`${serviceUrl('lambda')}/2015-03-31/event-source-mappings/${uuid}`),
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  if (!response.ok) {
    const refusal = new AwsRefusal(`Mapping ${uuid}`, response.status, text, response.headers);
    if (!STILL_CHANGING.has(refusal.name)) throw refusal;
    throw new Problem('try-later', `Lambda is still changing the mapping ${uuid}: try again in a minute.`);
  }
  return String(record(parsed(text))['State']);
}
