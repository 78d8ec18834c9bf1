import { z } from 'zod';
import type { ServiceHandler, ServiceRequest, ServiceResponse } from '../endpoint/service.ts';
import { asking, told, unitsOf } from './capacity-units.ts';
import { chunks, MESSAGE_CHUNK } from './chunks.ts';
import { messageParts } from './message-parts.ts';
import type { Meter } from './meter.ts';

/** Who is named where a call comes from outside the stack. */
const OPERATOR = 'operator';

const published = z.object({ Entries: z.array(z.object({ EventId: z.string().optional() })) });
const putEvents = z.object({ Entries: z.array(z.looseObject({ Detail: z.string().optional() })) });
const recipients = z.object({
  Destination: z.record(z.string(), z.array(z.unknown()).nullish()).nullish(),
});

/** Counts a call once it is answered. */
type Count = (meter: Meter, who: string, request: ServiceRequest, answer: ServiceResponse) => void;

const COUNTS: Readonly<Record<string, Count>> = {
  sqs: (meter, who, { body }, answer) =>
    meter.add(who, 'sqs.requests', chunks(Math.max(body.length, sizeOf(answer)), MESSAGE_CHUNK)),
  sns: countPublishes,
  events: countEvents,
  s3: countObjects,
  ses: countMail,
};

/** Handlers that count what their calls are billed as, by who calls. Calls of services that bill nothing pass untouched. */
export function metered<Handlers extends Readonly<Record<string, ServiceHandler>>>(
  meter: Meter,
  handlers: Handlers,
): Handlers {
  const counting = Object.entries(handlers).map(([service, handler]): [string, ServiceHandler] => {
    if (service === 'dynamodb') return [service, countingUnits(meter, handler)];
    const count = COUNTS[service];
    if (!count) return [service, handler];
    return [
      service,
      async (request) => {
        const answer = await handler(request);
        if (answer.status < 400) count(meter, whoOf(request), request, answer);
        return answer;
      },
    ];
  });
  return { ...handlers, ...Object.fromEntries(counting) };
}

function countingUnits(meter: Meter, handler: ServiceHandler): ServiceHandler {
  return async (request) => {
    const dimension = unitsOf(request.operation);
    if (!dimension) return handler(request);
    const body = asking(request.body);
    const { units, places, answer } = told(
      await handler(body ? { ...request, body } : request),
      body === undefined,
    );
    if (units > 0) meter.add(whoOf(request), dimension, units);
    for (const [place, amount] of places) meter.units(place, dimension, amount);
    return answer;
  };
}

/** Accepted events only; each is billed by its own 64 KB chunks. */
function countEvents(
  meter: Meter,
  who: string,
  { operation, body }: ServiceRequest,
  answer: ServiceResponse,
): void {
  if (operation !== 'PutEvents') return;
  const { success, data } = published.safeParse(JSON.parse(answer.body.toString()));
  if (!success) return;
  const accepted = data.Entries.filter(({ EventId }) => EventId !== undefined).length;
  meter.add(who, 'events.published', accepted + furtherChunks(body));
  // What the events take, and a little more: the archive of a bus keeps what the bus gets.
  meter.add(who, 'events.publishedBytes', body.length);
}

/** Chunks of events beyond their first: there are none in a request that is not larger than one. */
function furtherChunks(body: Buffer): number {
  if (body.length <= MESSAGE_CHUNK) return 0;
  const { success, data } = putEvents.safeParse(JSON.parse(body.toString()));
  if (!success) return 0;
  return data.Entries.reduce(
    (sum, entry) => sum + chunks(Buffer.byteLength(JSON.stringify(entry)), MESSAGE_CHUNK) - 1,
    0,
  );
}

/** A text message is billed by its parts, and as a request as well. */
function countPublishes(meter: Meter, who: string, { operation, body }: ServiceRequest): void {
  meter.add(who, 'sns.publishes', chunks(body.length, MESSAGE_CHUNK));
  if (operation !== 'Publish' || !body.includes('PhoneNumber')) return;
  const call = new URLSearchParams(body.toString());
  if (call.has('PhoneNumber')) meter.add(who, 'sns.textMessages', messageParts(call.get('Message') ?? ''));
}

/** Deletes are free. */
function countObjects(meter: Meter, who: string, { method, url, body }: ServiceRequest): void {
  if (method === 'DELETE' || (method === 'POST' && url.includes('?delete'))) return;
  const isList = method === 'GET' && url.includes('list-type=');
  if (method === 'PUT' || method === 'POST' || isList) meter.add(who, 's3.writes');
  else meter.add(who, 's3.reads');
  if (method === 'PUT') meter.add(who, 's3.storedBytes', body.length);
}

function countMail(meter: Meter, who: string, { body }: ServiceRequest): void {
  const { success, data } = recipients.safeParse(JSON.parse(body.toString()));
  const lists = Object.values((success && data.Destination) || {});
  meter.add(who, 'ses.messages', Math.max(1, lists.flatMap((list) => list ?? []).length));
}

function whoOf({ caller }: ServiceRequest): string {
  return caller.kind === 'function' ? caller.name : OPERATOR;
}

function sizeOf({ body }: ServiceResponse): number {
  return body.length;
}
