import { UpdateCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { conditionalWrite, documentClient, requiredEnvironment } from '@orderstream/lambda-kit';
import type { Claim } from './claim.ts';
import type { Channel, MessageType } from './message-type.ts';

/** A message: one event of an order on one channel. */
export interface MessageKey {
  readonly orderId: string;
  readonly channel: Channel;
  readonly type: MessageType;
}

/** What a refused claim met. */
export interface Met {
  readonly claim: Claim | undefined;
  /** Highest version claimed of this order on this channel. */
  readonly latest: number | undefined;
}

/** Meets the claim that a run saw there: none, or the same attempt in the same state. */
const UNCLAIMED = 'attribute_not_exists(#type)';
const AS_SEEN = '#type.#attempts = :attempts AND #type.#state = :state';
const NOT_OVERTAKEN = '(attribute_not_exists(latest) OR latest <= :version)';

/**
 * The claims on messages: in the summaries table, an item an order and channel, with a map for each type of event and
 * `latest`, the highest version of the order that was claimed. Kept for ever, so that a replay of old events sends no
 * mail again.
 */
export class ClaimsTable {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client = documentClient(), table = requiredEnvironment('SUMMARIES_TABLE')) {
    this.#client = client;
    this.#table = table;
  }

  /**
   * Writes a claim in place of the one that was `seen`, unless another run was faster or a later message was claimed.
   *
   * @returns undefined when it is written, otherwise what is there.
   */
  async claim(key: MessageKey, seen: Claim | undefined, claim: Claim): Promise<Met | undefined> {
    return this.#write(key, {
      UpdateExpression: 'SET #type = :claim, latest = :version',
      ConditionExpression: `${seen === undefined ? UNCLAIMED : AS_SEEN} AND ${NOT_OVERTAKEN}`,
      ...valuesOf(seen, { ':claim': claim, ':version': claim.version }),
    });
  }

  /** Writes what became of a claim, unless it is no longer as `seen`. @returns as {@link claim} does. */
  async finish(key: MessageKey, seen: Claim | undefined, claim: Claim): Promise<Met | undefined> {
    return this.#write(key, {
      UpdateExpression: 'SET #type = :claim',
      ConditionExpression: seen === undefined ? UNCLAIMED : AS_SEEN,
      ...valuesOf(seen, { ':claim': claim }),
    });
  }

  /**
   * Writes what SES told of a mail afterwards. A complaint stays, whatever comes behind it.
   *
   * @returns false when nobody claimed such a mail, or the same was told before.
   */
  async recordReturn(
    key: MessageKey,
    told: Pick<Claim, 'state' | 'at' | 'reason' | 'messageId'>,
  ): Promise<boolean> {
    const fields = Object.entries(told).filter(([, value]) => value !== undefined);
    const met = await this.#write(key, {
      UpdateExpression: `SET ${fields.map(([name]) => `#type.#${name} = :${name}`).join(', ')}`,
      ConditionExpression: 'attribute_exists(#type) AND NOT #type.#state IN (:state, :complained)',
      ExpressionAttributeNames: Object.fromEntries(fields.map(([name]) => [`#${name}`, name])),
      ExpressionAttributeValues: {
        ...Object.fromEntries(fields.map(([name, value]) => [`:${name}`, value])),
        ':complained': 'complained',
      },
    });
    return met === undefined;
  }

  async #write(
    { orderId, channel, type }: MessageKey,
    { ExpressionAttributeNames, ...write }: Write,
  ): Promise<Met | undefined> {
    const result = await conditionalWrite(
      this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { metric: `notification#${orderId}`, bucket: channel },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          ExpressionAttributeNames: { '#type': type, ...ExpressionAttributeNames },
          ...write,
        }),
      ),
    );
    if (result.written) return undefined;
    const { found = {} } = result;
    const [claim, latest] = [found[type], found['latest']];
    return {
      claim: isClaim(claim) ? claim : undefined,
      latest: typeof latest === 'number' ? latest : undefined,
    };
  }
}

interface Write {
  readonly UpdateExpression: string;
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues: Record<string, unknown>;
}

function valuesOf(seen: Claim | undefined, values: Record<string, unknown>) {
  if (seen === undefined) return { ExpressionAttributeValues: values };
  return {
    ExpressionAttributeNames: { '#attempts': 'attempts', '#state': 'state' },
    ExpressionAttributeValues: { ...values, ':attempts': seen.attempts, ':state': seen.state },
  };
}

/** Only this function writes claims. */
function isClaim(value: unknown): value is Claim {
  return typeof value === 'object' && value !== null && 'state' in value && 'attempts' in value;
}
