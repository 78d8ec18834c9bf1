import { z } from 'zod';

import type { Clock, ClockTimer } from '../clock.ts';
import type { InFlight } from '../in-flight.ts';
import type { Table } from '../stack/model.ts';
import { attributes } from './attribute-values.ts';
import type { AttributeMap } from './change.ts';
import type { Capture } from './capture.ts';
import type { EngineClient } from './engine-client.ts';
import { keyOf } from './item-key.ts';
import { TIME_TO_LIVE } from './stream-record.ts';

/** Milliseconds of the clock between two sweeps. */
const INTERVAL = 60_000;
/** A sweep reads whole tables: of all time, it takes at most one part in so many. */
const SHARE = 50;
/** Items read at a time, so that the writes between them do not wait long. */
const PAGE = 500;
/** DynamoDB leaves alone what seems to have expired more than five years ago: seconds. */
const OLDEST = 5 * 365 * 24 * 60 * 60;

const page = z.object({ Items: z.array(attributes), LastEvaluatedKey: attributes.optional() });

export interface ExpiryParts {
  readonly engine: EngineClient;
  readonly capture: Capture;
  readonly tables: readonly Table[];
  readonly clock: Clock;
  readonly inFlight: InFlight;
}

/**
 * Time to live: deletes the items whose time is over, once a minute of the clock (DynamoDB promises a few days). Items
 * of tables with a stream leave a record that names the service as who did it.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
 */
export class Expiry {
  readonly #parts: ExpiryParts;
  readonly #tables: readonly (Table & { readonly ttlAttribute: string })[];
  #timer: ClockTimer | undefined;
  #stopped = false;

  constructor(parts: ExpiryParts) {
    this.#parts = parts;
    this.#tables = parts.tables.flatMap((table) =>
      table.ttlAttribute === undefined ? [] : [{ ...table, ttlAttribute: table.ttlAttribute }],
    );
  }

  start(): void {
    if (this.#tables.length > 0) this.#sweepAfter(INTERVAL);
  }

  stop(): void {
    this.#stopped = true;
    this.#parts.clock.clearTimeout(this.#timer);
  }

  #sweepAfter(delay: number): void {
    if (this.#stopped) return;
    this.#timer = this.#parts.clock.setTimeout(() => void this.#run(), delay);
  }

  async #run(): Promise<void> {
    const { clock, inFlight } = this.#parts;
    const leave = inFlight.enter('expiry');
    const began = performance.now();
    try {
      // The clock may be moved while a sweep is under way: then what was swept is not yet what is due.
      for (let sweptAt = -Infinity; clock.now() - sweptAt >= INTERVAL && !this.#stopped;) {
        sweptAt = clock.now();
        for (const table of this.#tables) await this.#sweep(table, Math.floor(sweptAt / 1000));
      }
    } catch (error) {
      if (!this.#stopped) console.error(`Expired items could not be deleted, trying again: ${String(error)}`);
    }
    this.#sweepAfter(Math.max(INTERVAL, SHARE * (performance.now() - began)));
    leave();
  }

  async #sweep(table: Table & { readonly ttlAttribute: string }, now: number): Promise<void> {
    const expired = {
      TableName: table.name,
      ExpressionAttributeNames: { '#expires': table.ttlAttribute },
      ExpressionAttributeValues: { ':now': { N: `${now}` }, ':oldest': { N: `${now - OLDEST}` } },
    };
    const condition = '#expires < :now AND #expires > :oldest';
    let from: AttributeMap | undefined;
    do {
      const { Items, LastEvaluatedKey } = page.parse(
        await this.#parts.engine.call('Scan', {
          ...expired,
          FilterExpression: condition,
          Limit: PAGE,
          ...(from && { ExclusiveStartKey: from }),
        }),
      );
      for (const item of Items) {
        const request = { ...expired, Key: keyOf(table, item), ConditionExpression: condition };
        // Refused when the item was given more time since it was read.
        await this.#parts.capture.write('DeleteItem', Buffer.from(JSON.stringify(request)), TIME_TO_LIVE);
      }
      from = LastEvaluatedKey;
    } while (from && !this.#stopped);
  }
}
