import { logger, metrics, type OrdersTable } from '@orderstream/lambda-kit';
import type { ClaimsTable, MessageKey } from './claims-table.ts';
import { deliver, type Delivered, type DeliveryParts } from './deliver.ts';
import type { MailReturn, Notice, OrderNotice } from './notice.ts';
import { plannedMessages } from './planned-message.ts';

export interface NotifyParts extends Omit<DeliveryParts, 'claims'> {
  readonly claims: Pick<ClaimsTable, 'claim' | 'finish' | 'recordReturn'>;
  readonly orders: Pick<OrdersTable, 'read'>;
  /** The shop's name, as customers know it. */
  readonly shop: string;
}

/** Tells the customer what happened to an order, or records what SES told of a mail. It may have been done before. */
export function notify(parts: NotifyParts): (notice: Notice) => Promise<void> {
  return async (notice) => {
    if (notice.kind === 'order') await tell(parts, notice);
    if (notice.kind === 'return') await recordReturn(parts, notice);
  };
}

/** All channels are tried, and the first failure is thrown: the others will find their messages sent. */
async function tell(parts: NotifyParts, { subject, type }: OrderNotice): Promise<void> {
  const { id: orderId, itemVersion } = subject;
  const planned = plannedMessages(type, await parts.orders.read(orderId), parts.shop);
  const results = await Promise.allSettled(
    planned.map(async (message) => {
      const key = { orderId, channel: message.channel, type };
      report(key, await deliver(parts, key, itemVersion, message));
    }),
  );
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

async function recordReturn(parts: NotifyParts, notice: MailReturn): Promise<void> {
  const { subject, type, state, reason, messageId, at = new Date(parts.now()).toISOString() } = notice;
  const key = { orderId: subject.id, channel: 'mail' as const, type };
  const told = { state, reason, at, ...(messageId === undefined ? {} : { messageId }) };
  if (await parts.claims.recordReturn(key, told)) report(key, { state, reason });
}

const METRICS: Readonly<Record<string, string>> = {
  sent: 'MessagesSent',
  failed: 'MessagesFailed',
  dropped: 'MessagesDropped',
  bounced: 'MessagesBounced',
  complained: 'MessagesComplained',
};

/** Messages that went out are only counted; of each other one, the log tells which and why. */
function report({ orderId, channel, type }: MessageKey, delivered: Delivered): void {
  const metric = METRICS[delivered.state];
  if (metric !== undefined) metrics.addMetric(metric, 'Count', 1);
  if (delivered.state === 'sent' || delivered.state === 'before') return;
  logger.warn('A message did not reach its customer.', { orderId, channel, type, ...delivered });
}
