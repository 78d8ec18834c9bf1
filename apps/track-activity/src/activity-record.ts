import { isInstant, isSku } from '@orderstream/domain';
import type { DynamoDBRecord } from 'aws-lambda';

/** The numbers of a minute, by the kind of activity that each counts. */
const COUNTS = {
  view: 'views',
  search: 'searches',
  'add-to-basket': 'addsToBasket',
  'remove-from-basket': 'removalsFromBasket',
  checkout: 'checkouts',
  purchase: 'purchases',
} as const;

/** What a record of the activity stream adds to the counts. */
export interface Counted {
  /** Such as `2026-11-23T09:15`. */
  readonly minute: string;
  readonly count: (typeof COUNTS)[keyof typeof COUNTS];
  /** Of a view. */
  readonly sku?: string;
  /** Of a search that found nothing: its text in lower case, empty where it is not kept. */
  readonly nothingFound?: string;
}

/** Longest text of a search that is told apart, in characters. */
const LONGEST_TEXT = 200;

/**
 * What a record counts for: nothing where no activity was added (an item whose time was over is no activity), and
 * 'unreadable' where the item lacks what is counted. Whoever wrote the table may have written anything.
 */
export function countedRecord({ eventName, dynamodb }: DynamoDBRecord): Counted | 'nothing' | 'unreadable' {
  if (eventName !== 'INSERT') return 'nothing';
  const image = dynamodb?.NewImage ?? {};
  const type = image['type']?.S;
  const occurredAt = image['occurredAt']?.S;
  if (!isKind(type) || !isInstant(occurredAt)) return 'unreadable';
  const counted = { minute: occurredAt.slice(0, 16), count: COUNTS[type] };
  if (type === 'view') {
    const sku = image['sku']?.S;
    return isSku(sku) ? { ...counted, sku } : 'unreadable';
  }
  if (type === 'search') {
    const [text, results] = [image['text']?.S, image['results']?.N];
    if (text === undefined || results === undefined) return 'unreadable';
    return Number(results) === 0 ? { ...counted, nothingFound: searchText(text) } : counted;
  }
  return counted;
}

function isKind(type: string | undefined): type is keyof typeof COUNTS {
  return type !== undefined && Object.hasOwn(COUNTS, type);
}

/**
 * A search as it is counted: the same however it was typed, and never so long that no key could hold it. Nothing of one
 * with an `@`, which may be somebody's mail address: the figures are no place for it, and nobody could have it deleted.
 */
function searchText(text: string): string {
  if (text.normalize('NFKC').includes('@')) return '';
  const characters = Array.from(text.toWellFormed().trim().toLowerCase());
  return characters.slice(0, LONGEST_TEXT).join('');
}
