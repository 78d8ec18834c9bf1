import { parsed, record } from '../json.ts';
import { letterId } from './letter-id.ts';
import type { Letter } from './letter.ts';
import type { QueueMessage } from './queue.ts';

/** An event in a consumer's dead-letter queue. */
export interface DeadEvent {
  readonly letter: Letter;
  /** The event as its rule delivered it; undefined where there is none in the message. */
  readonly event: unknown;
  readonly payload: unknown;
}

/**
 * Reads a message of a consumer's dead-letter queue, whichever of three ways it came:
 *
 * - out of the consumer's queue after its last delivery, as it was there;
 * - from the rule that could not deliver it, which says why in the message's attributes;
 * - from Lambda's failure destination, which wraps the event in what became of its invocations.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export function deadEvent(consumer: string, message: QueueMessage): DeadEvent {
  const document = record(parsed(message.body));
  const wrapped = 'requestPayload' in document;
  const event = wrapped ? document['requestPayload'] : document;
  const { 'detail-type': type, detail } = record(event);
  const { cause, what } = wrapped ? ofInvocations(document) : ofDelivery(message);
  const isEvent = typeof type === 'string';
  const letter: Letter = {
    id: letterId('event', [consumer, message.id]),
    kind: 'event',
    source: consumer,
    cause,
    message: `${isEvent ? type : 'Something that is no event'} ${what} ${consumer}: ${cause}.`,
    at: message.sentAt,
    records: 1,
    subjects: subjectsIn(detail),
    redrivable: isEvent || 'It holds no event of the bus. Look at it, then discard it.',
  };
  return {
    letter,
    event: isEvent ? event : undefined,
    payload: { body: parsed(message.body) ?? message.body, attributes: message.attributes },
  };
}

function ofInvocations({ requestContext, responsePayload }: Readonly<Record<string, unknown>>) {
  const { condition, approximateInvokeCount: count } = record(requestContext);
  const { errorType } = record(responsePayload);
  const cause = [errorType, condition].find((one) => typeof one === 'string') ?? 'Unknown';
  return { cause: shortened(String(cause)), what: `failed in ${String(count ?? 'all')} invocations of` };
}

function ofDelivery({ attributes }: QueueMessage) {
  const { ERROR_CODE: code } = attributes;
  if (code !== undefined) return { cause: shortened(code), what: 'could not be delivered to' };
  return { cause: 'DeliveriesExhausted', what: 'was not handled in any delivery to' };
}

/** Our own events say what they speak of. */
function subjectsIn(detail: unknown): string[] {
  const { kind, id } = record(record(detail)['subject']);
  return typeof kind === 'string' && typeof id === 'string' ? [`${kind} ${id.slice(0, 64)}`] : [];
}

function shortened(cause: string): string {
  return cause.slice(0, 100);
}
