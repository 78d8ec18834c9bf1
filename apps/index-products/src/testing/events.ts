import type { BusEvent } from '@orderstream/lambda-kit';
import type { SQSEvent } from 'aws-lambda';

/** An event of a product or its stock, as the bus delivers it. */
export function event(type: string, sku: string, itemVersion = 1): BusEvent {
  const kind = type.startsWith('Stock') ? 'stock' : 'product';
  const about = kind === 'stock' ? { stock: { available: 0 } } : { product: {} };
  const detail = {
    eventId: `${sku}-${itemVersion}/${type}`,
    schemaVersion: 1,
    occurredAt: '2026-01-01T00:00:00.000Z',
    message: `${type} ${sku}.`,
    type,
    subject: { kind, id: sku, itemVersion },
    ...about,
  };
  return { id: `bus-${sku}`, source: `orderstream.${kind}s`, 'detail-type': type, detail };
}

/** Events as a queue delivers them; the message of the n-th has the id `n`. */
export function batch(...events: readonly BusEvent[]): SQSEvent {
  const Records = events.map((each, n) => ({ messageId: String(n), body: JSON.stringify(each) }));
  return { Records } as unknown as SQSEvent;
}
