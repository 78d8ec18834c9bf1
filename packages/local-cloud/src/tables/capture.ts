import { setTimeout as delay } from 'node:timers/promises';
import { crc32 } from 'node:zlib';

import { LRUCache } from 'lru-cache';
import { z } from 'zod';

import type { ServiceResponse } from '../endpoint/service.ts';
import type { InFlight } from '../in-flight.ts';
import type { Table } from '../stack/model.ts';
import { attributes, sameAttributes } from './attribute-values.ts';
import type { AttributeMap, StreamRecord } from './change.ts';
import type { ChangeLog } from './change-log.ts';
import { EngineUnavailable } from './engine-client.ts';
import type { EngineClient } from './engine-client.ts';
import { imageOf } from './image.ts';
import type { Image } from './image.ts';
import type { Intent, Intents } from './intents.ts';
import { ItemLocks } from './item-locks.ts';
import { itemId, readItems } from './read-items.ts';
import type { ItemPlace } from './read-items.ts';
import { planWrite } from './write-plan.ts';
import type { WriteOperation, WritePlan } from './write-plan.ts';

/** Bytes of items, as DynamoDB counts them, whose images are remembered, and what remembering one costs besides. */
const REMEMBERED = 8 * 1024 * 1024;
const OVERHEAD = 200;
/** Milliseconds between two attempts to learn what became of a write. */
const ASK_AGAIN = 100;

/** An item and what it was before the write. */
interface OpenItem extends ItemPlace {
  readonly before: Image;
}

/** A write whose items are locked and whose intent is noted. */
interface OpenWrite {
  readonly intent: Intent;
  readonly items: readonly OpenItem[];
}

/** What items are after a write, by id, as far as it is known without asking; undefined: there is no such item. */
type Known = ReadonlyMap<string, AttributeMap | undefined>;
const NOTHING: Known = new Map();

const updated = z.looseObject({ Attributes: attributes.optional() });
const batchWritten = z.object({ UnprocessedItems: z.record(z.string(), z.unknown()).optional() });

export interface CaptureParts {
  readonly engine: EngineClient;
  readonly logs: readonly ChangeLog[];
  readonly inFlight: InFlight;
  readonly intents: Intents;
}

/**
 * Change capture: every write to a table with a stream passes here, and what it changed is in the stream before its
 * caller has the answer. A write holds its items' locks from the image before to the record, so the order of an item's
 * changes in the stream is the order in which they were made. It relies on being the only way to the tables.
 */
export class Capture {
  readonly #engine: EngineClient;
  readonly #inFlight: InFlight;
  readonly #intents: Intents;
  readonly #logs: ReadonlyMap<string, ChangeLog>;
  readonly #tables: ReadonlyMap<string, Table>;
  readonly #locks = new ItemLocks();
  readonly #stopped = new AbortController();
  readonly #images = new LRUCache<string, Image>({
    maxSize: REMEMBERED,
    sizeCalculation: (image, id) => image.size + id.length + OVERHEAD,
  });

  constructor({ engine, logs, inFlight, intents }: CaptureParts) {
    this.#engine = engine;
    this.#inFlight = inFlight;
    this.#intents = intents;
    this.#logs = new Map(logs.map((log) => [log.table.name, log]));
    const tables = logs.map((log) => log.table);
    this.#tables = new Map([
      ...tables.map((table) => [table.name, table] as const),
      ...tables.map((table) => [table.arn, table] as const),
    ]);
  }

  /** Settles the writes that an earlier process left open: the changes they made are appended. Before the first write. */
  async recover(): Promise<void> {
    for (const intent of this.#intents.leftOpen()) {
      const items = intent.items.flatMap(({ table: name, key, before }) => {
        const table = this.#tables.get(name);
        return table ? [{ table, key, id: itemId(table, key), before: imageOf(before) }] : [];
      });
      await this.#conclude({ intent, items }, NOTHING);
    }
    await this.#shown();
  }

  /** Gives up on writes whose end can't be learned; their intents stay open. */
  stop(): void {
    this.#stopped.abort();
  }

  /**
   * Carries out a write and captures what it changes. The answer is the engine's own, errors included.
   *
   * @param userIdentity who writes, where it is the service itself.
   * @throws EngineUnavailable when there is no answer; what the write did is captured all the same.
   */
  async write(
    operation: WriteOperation,
    body: Buffer,
    userIdentity?: StreamRecord['userIdentity'],
  ): Promise<ServiceResponse> {
    const plan = planWrite(operation, body, this.#tables);
    if (!plan) return this.#refused(operation, body);
    if (plan.items.length === 0) return this.#engine.send(operation, body);
    const leave = this.#inFlight.enter('write');
    const release = await this.#locks.acquire(plan.items.map(({ id }) => id));
    try {
      const items = await this.#itemsBefore(plan.items);
      const intent = await this.#intents.open({
        items: items.map(({ table, key, before }) => ({ table: table.name, key, before: before.attributes })),
        ...(userIdentity && { userIdentity }),
      });
      return await this.#carryOut(operation, plan, { intent, items });
    } finally {
      release();
      await this.#shown();
      leave();
    }
  }

  /** A request that could not be understood here is one that the engine refuses, and it says best why. */
  async #refused(operation: WriteOperation, body: Buffer): Promise<ServiceResponse> {
    const answer = await this.#engine.send(operation, body);
    if (answer.status === 200)
      throw new Error(`The engine accepted a ${operation} that could not be captured.`);
    return answer;
  }

  async #carryOut(operation: WriteOperation, plan: WritePlan, write: OpenWrite): Promise<ServiceResponse> {
    const answer = await this.#send(operation, plan.body, write);
    if (answer.status >= 400 && answer.status < 500) {
      this.#intents.close(write.intent);
      return answer;
    }
    if (answer.status !== 200) {
      await this.#conclude(write, NOTHING);
      return answer;
    }
    if (plan.answerHoldsItem) {
      const { Attributes, ...rest } = updated.parse(JSON.parse(answer.body.toString()));
      await this.#conclude(write, new Map(write.items.map(({ id }) => [id, Attributes])));
      return plan.hidesAttributes ? withBody(answer, rest) : answer;
    }
    const complete = operation !== 'BatchWriteItem' || isComplete(answer);
    await this.#conclude(write, complete ? plan.known : NOTHING);
    return answer;
  }

  async #send(operation: WriteOperation, body: string | Buffer, write: OpenWrite): Promise<ServiceResponse> {
    try {
      return await this.#engine.send(operation, body);
    } catch (error) {
      if (error instanceof EngineUnavailable && !error.sent) this.#intents.close(write.intent);
      else await this.#conclude(write, NOTHING);
      throw error;
    }
  }

  async #itemsBefore(places: readonly ItemPlace[]): Promise<OpenItem[]> {
    // Taken before the wait: meanwhile writes to other items may push them out of the cache.
    const held = places.map((place) => ({ ...place, image: this.#images.get(place.id) }));
    const found = await readItems(
      this.#engine,
      held.filter(({ image }) => image === undefined),
    );
    return held.map(({ table, key, id, image }) => {
      return { table, key, id, before: image ?? imageOf(found.get(id)) };
    });
  }

  /**
   * Appends what a write has changed, and closes its intent: in one turn, so in one transaction. What is not known is
   * read.
   */
  async #conclude({ intent, items }: OpenWrite, known: Known): Promise<void> {
    const { userIdentity } = intent;
    const found = await this.#readUntilAnswered(items.filter(({ id }) => !known.has(id)));
    for (const { table, key, id, before } of items) {
      const attributesAfter = known.has(id) ? known.get(id) : found.get(id);
      if (sameAttributes(before.attributes, attributesAfter)) {
        this.#images.set(id, before);
        continue;
      }
      const after = imageOf(attributesAfter);
      this.#images.set(id, after);
      this.#logs.get(table.name)?.append({ key, before, after, ...(userIdentity && { userIdentity }) });
    }
    this.#intents.close(intent);
  }

  /** Nobody is answered, and nothing has settled, before readers of the streams see what was appended. */
  async #shown(): Promise<void> {
    for (const log of this.#logs.values()) {
      if (log.shown) await log.shown;
      log.dropOld();
    }
  }

  /** Until it is known what a write did, nobody may write to its items: only {@link stop} ends the attempts. */
  async #readUntilAnswered(items: readonly OpenItem[]): Promise<Map<string, AttributeMap>> {
    for (;;) {
      try {
        return await readItems(this.#engine, items);
      } catch (error) {
        for (const { id } of items) this.#images.delete(id);
        await delay(ASK_AGAIN, undefined, { signal: this.#stopped.signal }).catch(() => {
          throw error;
        });
      }
    }
  }
}

function isComplete(answer: ServiceResponse): boolean {
  const { UnprocessedItems = {} } = batchWritten.parse(JSON.parse(answer.body.toString()));
  return Object.keys(UnprocessedItems).length === 0;
}

function withBody(answer: ServiceResponse, content: object): ServiceResponse {
  const body = JSON.stringify(content);
  return { ...answer, headers: { ...answer.headers, 'x-amz-crc32': String(crc32(body)) }, body };
}
