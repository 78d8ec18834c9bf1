import type { AttributeMap } from './change.ts';
import { attributesSize } from './size.ts';

/** The state of an item at one moment. Never changed: the cache, the stream's records and the writes share it. */
export interface Image {
  /** undefined: there is no such item. */
  readonly attributes: AttributeMap | undefined;
  /** Bytes as DynamoDB counts them. */
  readonly size: number;
}

export const ABSENT: Image = { attributes: undefined, size: 0 };

export function imageOf(attributes: AttributeMap | undefined): Image {
  return attributes ? { attributes, size: attributesSize(attributes) } : ABSENT;
}
