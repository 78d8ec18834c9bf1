import type { Clock } from '../clock.ts';
import type { Change, ChangeStream, StreamRecord } from '../tables/change.ts';

const REGION = 'eu-central-1';
export const STREAM_ARN = `arn:aws:dynamodb:${REGION}:000000000000:table/orders/stream/2026-01-01T00:00:00.000`;

/** A stream in memory whose record n has the sequence number n · 100. */
export class MemoryStream implements ChangeStream {
  readonly arn = STREAM_ARN;
  readonly viewType = 'NEW_AND_OLD_IMAGES';
  readonly shardId = 'shardId-1';
  horizon = 0;
  readonly #changes: Change[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #clock: Pick<Clock, 'now'>;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  get head(): number {
    return this.#changes.length;
  }

  /** @param text makes the record larger. */
  append(item: string, text = ''): void {
    const position = this.head + 1;
    const record: StreamRecord = {
      eventID: position.toString(16).padStart(32, '0'),
      eventName: 'INSERT',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: REGION,
      dynamodb: {
        ApproximateCreationDateTime: Math.floor(this.#clock.now() / 1000),
        Keys: { orderId: { S: item } },
        NewImage: { orderId: { S: item }, text: { S: text } },
        SequenceNumber: sequenceNumberOf(position),
        SizeBytes: 10,
        StreamViewType: 'NEW_AND_OLD_IMAGES',
      },
      eventSourceARN: STREAM_ARN,
    };
    this.#changes.push({ position, itemKey: item, record, json: JSON.stringify(record) });
    for (const listener of this.#listeners) listener();
  }

  read(position: number, limit: number): Change[] {
    const from = Math.max(position, this.horizon);
    return this.#changes.slice(from, from + limit);
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** The sequence number of record n. */
export function sequenceNumberOf(record: number): string {
  return String(record * 100);
}

/** The record that a sequence number stands for. */
export function recordOf(sequenceNumber: string): number {
  return Number(sequenceNumber) / 100;
}
