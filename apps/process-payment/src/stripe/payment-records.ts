import { randomUUID } from 'node:crypto';
import { GetCommand, UpdateCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { conditionalWrite, documentClient, requiredEnvironment } from '@orderstream/lambda-kit';
import type { ChargeRequest } from '../payment-gateway.ts';

/** Which order is charged under which key. */
export type PaymentSubject = Pick<ChargeRequest, 'key' | 'orderId'>;

/** What we know of a payment before we ask Stripe. */
export interface PaymentRecord {
  /** Idempotency key under which its PaymentIntent is created: ours and a random part, so that it is nobody else's. */
  readonly attempt: string | undefined;
  /** The one PaymentIntent that may ever be confirmed for the key. */
  readonly paymentIntentId: string | undefined;
  /** Nothing is to be charged under the key any more. */
  readonly isSealed: boolean;
}

/**
 * Which PaymentIntent belongs to a key, in the ledger table. Stripe forgets idempotency keys after a day and finds by
 * metadata only some time later; this is written conditionally and read consistently, so it never points to two.
 */
export class PaymentRecords {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client = documentClient(), table = requiredEnvironment('LEDGER_TABLE')) {
    this.#client = client;
    this.#table = table;
  }

  async find(key: string): Promise<PaymentRecord> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: { key }, ConsistentRead: true }),
    );
    return recordOf(Item);
  }

  /** Notes that the key is about to be charged, and how its PaymentIntent is created, unless that is there or it is sealed. */
  async open(subject: PaymentSubject): Promise<PaymentRecord> {
    return this.#write(
      subject,
      { state: 'asked', attempt: `${subject.key}/${randomUUID()}` },
      'attribute_not_exists(attempt) AND attribute_not_exists(sealedAt)',
    );
  }

  /** Makes a PaymentIntent the key's one and only, unless there is one already or the key is sealed. */
  async claim(subject: PaymentSubject, paymentIntentId: string): Promise<PaymentRecord> {
    return this.#write(
      subject,
      { paymentIntentId },
      'attribute_not_exists(paymentIntentId) AND attribute_not_exists(sealedAt)',
    );
  }

  /** Rules out that a PaymentIntent is claimed for the key later. */
  async seal(subject: PaymentSubject): Promise<PaymentRecord> {
    return this.#write(
      subject,
      { state: 'sealed', sealedAt: new Date().toISOString() },
      'attribute_not_exists(sealedAt)',
    );
  }

  /** Sets the values, where the condition holds. @returns the record as it stands then. */
  async #write(
    { key, orderId }: PaymentSubject,
    values: Readonly<Record<string, string>>,
    ConditionExpression: string,
  ): Promise<PaymentRecord> {
    const set = Object.entries({ ...values, kind: 'charge', orderId, provider: 'stripe' });
    const written = await conditionalWrite(
      this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { key },
          UpdateExpression: `SET ${set.map(([name]) => `#${name} = :${name}`).join(', ')}`,
          ConditionExpression,
          ExpressionAttributeNames: Object.fromEntries(set.map(([name]) => [`#${name}`, name])),
          ExpressionAttributeValues: Object.fromEntries(set.map(([name, value]) => [`:${name}`, value])),
          ReturnValues: 'ALL_NEW',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      ),
    );
    return recordOf(written.written ? written.answer.Attributes : written.found);
  }
}

function recordOf(item: Readonly<Record<string, unknown>> = {}): PaymentRecord {
  return {
    attempt: textOf(item['attempt']),
    paymentIntentId: textOf(item['paymentIntentId']),
    isSealed: item['sealedAt'] !== undefined,
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
