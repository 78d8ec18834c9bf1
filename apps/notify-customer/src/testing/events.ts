import type { OrderEvent } from '@orderstream/domain';

/** An order's event as the bus delivers it. */
export function busEvent(type: OrderEvent['type'], itemVersion: number, id = 'order-1') {
  const detail: OrderEvent = {
    eventId: `record-${itemVersion}/${type}`,
    schemaVersion: 1,
    type,
    occurredAt: '2026-01-01T09:30:00.000Z',
    message: 'Something happened.',
    subject: { kind: 'order', id, itemVersion },
    order: { lineCount: 2, units: 3 },
  };
  return { id: `event-${itemVersion}`, source: 'orderstream.orders', 'detail-type': type, detail };
}

/** An event of SES's about a mail, as the default bus delivers it. */
export function sesEvent(eventType: string, change: object = {}) {
  const detail = {
    eventType,
    bounce: {
      bounceType: 'Permanent',
      bounceSubType: 'General',
      bouncedRecipients: [{ emailAddress: 'ada@mail.example', diagnosticCode: 'smtp; 550 user unknown' }],
      timestamp: '2026-01-01T09:40:02.669Z',
    },
    complaint: {
      complainedRecipients: [{ emailAddress: 'ada@mail.example' }],
      complaintFeedbackType: 'abuse',
      timestamp: '2026-01-01T09:50:02.669Z',
    },
    mail: {
      messageId: 'message-1',
      destination: ['ada@mail.example'],
      tags: {
        'ses:configuration-set': ['shop'],
        orderId: ['order-1'],
        type: ['OrderPlaced'],
      },
    },
    ...change,
  };
  return { id: 'ses-1', source: 'aws.ses', 'detail-type': `Email ${eventType}`, detail };
}
