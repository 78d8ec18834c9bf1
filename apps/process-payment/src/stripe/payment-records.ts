import { GetCommand, UpdateCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import {
  conditionalWrite,
  documentClient,
  LedgerOfAnotherProvider,
  requiredEnvironment,
  SANDBOX,
} from '@orderstream/lambda-kit';
import type { PaymentSubject } from '../payment-gateway.ts';

/** Marks an entry as ours. */
const PROVIDER = 'stripe';

/** What we know of a payment before we ask Stripe. */
export interface PaymentRecord {
  /** The one PaymentIntent that may ever be confirmed for the key. */
  readonly paymentIntentId: string | undefined;
  /** Nothing is to be charged under the key any more. */
  readonly isSealed: boolean;
  /** A person has given the money back by another way (`settledAt`): nothing is to be refunded any more. */
  readonly isSettled: boolean;
}

/**
 * Which PaymentIntent belongs to a key, in the ledger table. Stripe forgets idempotency keys after a day and finds by
 * metadata only some time later; this is written conditionally and read consistently, so it never points to two.
 *
 * @throws LedgerOfAnotherProvider at an entry of the sandbox's.
 */
export class PaymentRecords {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client = documentClient(), table = requiredEnvironment('LEDGER_TABLE')) {
    this.#client = client;
    this.#table = table;
  }

  async find({ key }: PaymentSubject): Promise<PaymentRecord> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: { key }, ConsistentRead: true }),
    );
    return recordOf(key, Item);
  }

  /** Makes a PaymentIntent the key's one and only, unless there is one already or the key is sealed. */
  async claim(subject: PaymentSubject, paymentIntentId: string): Promise<PaymentRecord> {
    return this.#write(
      subject,
      { state: 'asked', paymentIntentId },
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
    condition: string,
  ): Promise<PaymentRecord> {
    const set = Object.entries({ ...values, kind: 'charge', orderId, provider: PROVIDER });
    const written = await conditionalWrite(
      this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { key },
          UpdateExpression: `SET ${set.map(([name]) => `#${name} = :${name}`).join(', ')}`,
          ConditionExpression: `${condition} AND (attribute_not_exists(#key) OR #provider = :provider)`,
          ExpressionAttributeNames: {
            '#key': 'key',
            ...Object.fromEntries(set.map(([name]) => [`#${name}`, name])),
          },
          ExpressionAttributeValues: Object.fromEntries(set.map(([name, value]) => [`:${name}`, value])),
          ReturnValues: 'ALL_NEW',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      ),
    );
    return recordOf(key, written.written ? written.answer.Attributes : written.found);
  }
}

function recordOf(key: string, item?: Readonly<Record<string, unknown>>): PaymentRecord {
  const { provider = SANDBOX, paymentIntentId, sealedAt, settledAt } = item ?? { provider: PROVIDER };
  if (provider !== PROVIDER) throw new LedgerOfAnotherProvider(key, PROVIDER, String(provider));
  return {
    paymentIntentId: typeof paymentIntentId === 'string' ? paymentIntentId : undefined,
    isSealed: sealedAt !== undefined,
    isSettled: settledAt !== undefined,
  };
}
