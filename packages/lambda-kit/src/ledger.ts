import { GetCommand, UpdateCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { OrderstreamError, type LedgerEntry } from '@orderstream/domain';
import { conditionalWrite } from './conditional-write.ts';
import { documentClient } from './document-client.ts';
import { requiredEnvironment } from './environment.ts';

/** What an entry is about. */
export type LedgerSubject = Pick<LedgerEntry, 'key' | 'kind' | 'orderId'>;

/** What a provider did: its own id of it and, for a charge, the money. */
export type LedgerDeed = Required<Pick<LedgerEntry, 'id'>> & Pick<LedgerEntry, 'amount' | 'currency'>;

/**
 * Another provider has written this entry: the money of the order is in that one's books, and this one can neither find nor
 * undo it. So whoever meets it stops, and nothing is charged or closed before a person has looked.
 */
export class LedgerOfAnotherProvider extends OrderstreamError {
  constructor(key: string, ours: string, theirs: string) {
    super(
      'LedgerOfAnotherProvider',
      `The ledger's entry ${key} is of the provider ${theirs}, not of ${ours}. Set the provider back until the orders that began with it have ended, then redrive.`,
      { key, ours, theirs },
    );
  }
}

/** What the entries of the sandboxes have instead of a `provider`. */
export const SANDBOX = 'sandbox';

/**
 * What a sandbox provider knows, in the ledger table, by idempotency key. Every write is one call, conditional where
 * it matters, so that the ledger is whole after any crash and the same after any repetition.
 *
 * @throws LedgerOfAnotherProvider at an entry that a real provider's adapter has written.
 */
export class Ledger {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client = documentClient(), table = requiredEnvironment('LEDGER_TABLE')) {
    this.#client = client;
    this.#table = table;
  }

  /** The entry under `key`, read consistently. */
  async find(key: string): Promise<LedgerEntry | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: { key }, ConsistentRead: true }),
    );
    return Item === undefined ? undefined : ledgerEntry(Item);
  }

  /**
   * Notes that it was done, unless it was done or sealed before: then the entry stays as it is.
   *
   * @returns the entry as it stands, and whether this call wrote it.
   */
  async record(
    subject: LedgerSubject,
    deed: LedgerDeed,
  ): Promise<{ readonly entry: LedgerEntry; readonly first: boolean }> {
    const state = subject.kind === 'charge' ? 'charged' : 'shipped';
    return this.#write(subject, {
      set: { ...deed, state, at: new Date().toISOString() },
      condition: ['attribute_not_exists(id)', 'attribute_not_exists(sealedAt)'],
    });
  }

  /** Undoes what was done under the key, if anything was, and rules out that anything is done under it later. */
  async seal(subject: LedgerSubject): Promise<void> {
    await this.#write(subject, {
      set: { state: 'sealed', sealedAt: new Date().toISOString() },
      ...(subject.kind === 'charge'
        ? { clause: ', refunded = if_not_exists(amount, :nothing)', values: { ':nothing': '0' } }
        : {}),
      condition: ['attribute_not_exists(sealedAt)'],
    });
  }

  /** Counts a call that may find no answer: how many there were, with this one. */
  async countAttempt(subject: LedgerSubject): Promise<number> {
    const { entry } = await this.#write(subject, {
      set: {},
      clause: ', #state = if_not_exists(#state, :asked) ADD attempts :one',
      values: { ':asked': 'asked', ':one': 1 },
      names: { '#state': 'state' },
    });
    return entry.attempts ?? 0;
  }

  async #write({ key, ...subject }: LedgerSubject, write: LedgerWrite) {
    const set = Object.entries({ ...subject, ...write.set }).filter(([, value]) => value !== undefined);
    const written = await conditionalWrite(
      this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { key },
          UpdateExpression: `SET ${set.map(([name]) => `#${name} = :${name}`).join(', ')}${write.clause ?? ''}`,
          ConditionExpression: ['attribute_not_exists(#provider)', ...(write.condition ?? [])].join(' AND '),
          ExpressionAttributeNames: {
            '#provider': 'provider',
            ...Object.fromEntries(set.map(([name]) => [`#${name}`, name])),
            ...write.names,
          },
          ExpressionAttributeValues: {
            ...Object.fromEntries(set.map(([name, value]) => [`:${name}`, value])),
            ...write.values,
          },
          ReturnValues: 'ALL_NEW',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      ),
    );
    const entry = ledgerEntry(written.written ? written.answer.Attributes : written.found);
    return { entry, first: written.written };
  }
}

interface LedgerWrite {
  readonly set: Partial<LedgerEntry>;
  /** What follows the assignments of `set` in the update expression. */
  readonly clause?: string;
  readonly values?: Readonly<Record<string, unknown>>;
  readonly names?: Readonly<Record<string, string>>;
  readonly condition?: readonly string[];
}

function ledgerEntry(item: Record<string, unknown> | undefined): LedgerEntry {
  const { key, provider } = item ?? {};
  if (provider !== undefined) throw new LedgerOfAnotherProvider(String(key), SANDBOX, String(provider));
  if (item !== undefined && isLedgerEntry(item)) return item;
  throw new Error(
    `An item of the ledger is no entry: key ${JSON.stringify(item?.['key'])}. Correct the item.`,
  );
}

function isLedgerEntry(item: object): item is LedgerEntry {
  return 'key' in item && 'kind' in item && 'orderId' in item && 'state' in item;
}
