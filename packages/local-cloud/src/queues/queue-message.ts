import type { QueueMessage, QueueMessageAttribute } from '../mappings/queue-source.ts';
import type { ReceivedMessage, SentMessage } from './fauxqs.ts';

/**
 * A received message in the form of Lambda's SQS records.
 * @param sent what the queue knows about it; undefined once it is gone.
 */
export function toQueueMessage(received: ReceivedMessage, sent: SentMessage | undefined): QueueMessage {
  const messageAttributes: Record<string, QueueMessageAttribute> = {};
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(
    received.MessageAttributes ?? {},
  )) {
    messageAttributes[name] = {
      ...(StringValue !== undefined && { stringValue: StringValue }),
      ...(BinaryValue !== undefined && { binaryValue: BinaryValue }),
      stringListValues: [],
      binaryListValues: [],
      dataType: DataType,
    };
  }
  return {
    messageId: received.MessageId,
    receiptHandle: received.ReceiptHandle,
    body: received.Body,
    md5OfBody: received.MD5OfBody,
    ...(received.MD5OfMessageAttributes !== undefined && {
      md5OfMessageAttributes: received.MD5OfMessageAttributes,
    }),
    attributes: sent ? systemAttributes(sent) : {},
    messageAttributes,
  };
}

function systemAttributes(sent: SentMessage): Record<string, string> {
  const attributes: Record<string, string> = {
    ApproximateReceiveCount: String(sent.approximateReceiveCount),
    SentTimestamp: String(sent.sentTimestamp),
    SenderId: SENDER_ID,
    ApproximateFirstReceiveTimestamp: String(sent.approximateFirstReceiveTimestamp ?? sent.sentTimestamp),
  };
  if (sent.sequenceNumber) attributes['SequenceNumber'] = sent.sequenceNumber;
  if (sent.messageGroupId) attributes['MessageGroupId'] = sent.messageGroupId;
  if (sent.messageDeduplicationId) attributes['MessageDeduplicationId'] = sent.messageDeduplicationId;
  return attributes;
}

/** fauxqs does not keep who sent a message and answers this for all. */
const SENDER_ID = '000000000000';
