/** DynamoDB's attribute values in their JSON form. */
export type AttributeMap = Record<string, Record<string, unknown>>;

export type StreamViewType = 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES' | 'KEYS_ONLY';

/** A stream record exactly as Lambda gets it (SEMANTICS: DynamoDB Streams; `aws-lambda`'s DynamoDBRecord). */
export interface StreamRecord {
  readonly eventID: string;
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly eventVersion: '1.1';
  readonly eventSource: 'aws:dynamodb';
  readonly awsRegion: string;
  readonly dynamodb: {
    /** Epoch seconds. */
    readonly ApproximateCreationDateTime: number;
    readonly Keys: AttributeMap;
    readonly NewImage?: AttributeMap;
    readonly OldImage?: AttributeMap;
    readonly SequenceNumber: string;
    readonly SizeBytes: number;
    readonly StreamViewType: StreamViewType;
  };
  readonly eventSourceARN: string;
  readonly userIdentity?: { readonly type: string; readonly principalId: string };
}

/** One change of one item, in its place in the stream. */
export interface Change {
  /** 1, 2, 3 … without gaps within its stream. */
  readonly position: number;
  /** Canonical text of the item's full key; equal for equal keys. */
  readonly itemKey: string;
  readonly record: StreamRecord;
  /** JSON text of `record`, made once: mappings join these texts instead of stringifying again. */
  readonly json: string;
}

/** The stream of one table. Readers keep their own position. */
export interface ChangeStream {
  readonly arn: string;
  readonly viewType: StreamViewType;
  /** The one shard's id. */
  readonly shardId: string;
  /** Position of the newest change; 0 when there is none. */
  readonly head: number;
  /** Position before the oldest change still kept (24 hours). */
  readonly horizon: number;
  /** Up to `limit` changes after `position`, oldest first. */
  read(position: number, limit: number): Change[];
  /** Calls `listener` after every append; the answer ends it. */
  subscribe(listener: () => void): () => void;
}
