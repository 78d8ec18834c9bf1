import { randomUUID } from 'node:crypto';

import type { AttributeMap, StreamRecord, StreamViewType } from './change.ts';
import type { Image } from './image.ts';
import { attributesSize } from './size.ts';

/** The service itself, as the author of a change: what the time to live deletes. */
export const TIME_TO_LIVE = { type: 'Service', principalId: 'dynamodb.amazonaws.com' } as const;

/** What happened to an item. */
export interface ItemChange {
  readonly key: AttributeMap;
  readonly before: Image;
  readonly after: Image;
  /** Who did it, where that is not a caller. */
  readonly userIdentity?: StreamRecord['userIdentity'];
}

/** Where and when it happened. */
export interface RecordPlace {
  readonly streamArn: string;
  readonly region: string;
  readonly viewType: StreamViewType;
  readonly position: number;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** 21 digits that grow with the position and have the same length always, so that they also sort as text. */
export function sequenceNumber(position: number): string {
  return `1${String(position).padStart(20, '0')}`;
}

/** The position that a sequence number stands for; undefined when it is none of ours. */
export function positionOf(sequence: string): number | undefined {
  return /^1\d{20}$/.test(sequence) ? Number(sequence.slice(1)) : undefined;
}

/**
 * A change as DynamoDB Streams tells it to Lambda. Images that the view type leaves out, or that do not exist, are
 * absent; the size counts what is there.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_StreamRecord.html
 */
export function streamRecord(change: ItemChange, place: RecordPlace): StreamRecord {
  const { key, before, after, userIdentity } = change;
  const { viewType, position, at } = place;
  const showsNew = viewType === 'NEW_IMAGE' || viewType === 'NEW_AND_OLD_IMAGES';
  const showsOld = viewType === 'OLD_IMAGE' || viewType === 'NEW_AND_OLD_IMAGES';
  return {
    eventID: randomUUID().replaceAll('-', ''),
    eventName: !before.attributes ? 'INSERT' : after.attributes ? 'MODIFY' : 'REMOVE',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: place.region,
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(at / 1000),
      Keys: key,
      ...(showsNew && after.attributes && { NewImage: after.attributes }),
      ...(showsOld && before.attributes && { OldImage: before.attributes }),
      SequenceNumber: sequenceNumber(position),
      SizeBytes: attributesSize(key) + (showsNew ? after.size : 0) + (showsOld ? before.size : 0),
      StreamViewType: viewType,
    },
    eventSourceARN: place.streamArn,
    ...(userIdentity && { userIdentity }),
  };
}
