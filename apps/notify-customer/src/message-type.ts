/** Events that a customer hears of. */
export const MESSAGE_TYPES = ['OrderPlaced', 'OrderShipped', 'OrderRejected', 'OrderCancelled'] as const;
export type MessageType = (typeof MESSAGE_TYPES)[number];

export type Channel = 'mail' | 'sms';

export function isMessageType(value: unknown): value is MessageType {
  return MESSAGE_TYPES.some((type) => type === value);
}
