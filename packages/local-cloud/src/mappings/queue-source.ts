/** A message attribute in the form of Lambda's SQS records. */
export interface QueueMessageAttribute {
  readonly dataType: string;
  readonly stringValue?: string;
  /** Base64. */
  readonly binaryValue?: string;
  readonly stringListValues: readonly string[];
  readonly binaryListValues: readonly string[];
}

/** A received message: the members of Lambda's SQS record that belong to the message itself. */
export interface QueueMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly md5OfBody: string;
  /** Only of a message with attributes. */
  readonly md5OfMessageAttributes?: string;
  /** ApproximateReceiveCount, SentTimestamp, SenderId, ApproximateFirstReceiveTimestamp; on FIFO queues three more. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<Record<string, QueueMessageAttribute>>;
}

/**
 * The queue of a mapping. A message that is received and not deleted comes back after the queue's visibility
 * timeout, or goes to the dead-letter queue: that is how a batch is retried. While someone listens, each message
 * holds an entry in the cloud's InFlight until it is deleted or dead.
 */
export interface QueueSource {
  readonly arn: string;
  /** How long a received message is hidden, in milliseconds. */
  readonly visibilityTimeoutMs: number;
  /** Takes up to `max` messages, at once; none is an empty list. */
  receive(max: number): QueueMessage[];
  /** Removes messages for good. */
  delete(receiptHandles: readonly string[]): void;
  /** Calls `listener` whenever there may be something to receive, now included; the answer ends it. */
  onMessage(listener: () => void): () => void;
}
