import type { ItemChange } from './change.ts';
import { isForgotten, PERSONAL_FIELDS, SECRET_FIELDS, withoutFields } from './forget.ts';
import { isRecord, textOf } from './image-values.ts';

/** A change of an item as the archive keeps it: one line of JSON. */
export interface AuditLine {
  /** Id of the stream's record: lines that have the same tell the same change. */
  readonly eventId: string;
  readonly table: ItemChange['table'];
  readonly kind: ItemChange['kind'];
  /** When the stream saw it; ISO 8601. */
  readonly at: string;
  /** Which app or person wrote it, `dynamodb` for what the table removed by itself, or `unknown`. */
  readonly who: string;
  readonly key: Readonly<Record<string, unknown>>;
  /** Of the item after the change; absent where the item has none. */
  readonly itemVersion?: number;
  /** Names of the top-level fields that differ between the images. */
  readonly changed: readonly string[];
  readonly old?: Readonly<Record<string, unknown>>;
  readonly new?: Readonly<Record<string, unknown>>;
}

/** A record that is no change, as the archive keeps it, so that it is not lost. */
export interface UnreadableLine {
  readonly eventId: string;
  readonly table: string;
  readonly at: string;
  readonly unreadable: true;
  readonly why: string;
  readonly record: unknown;
}

/** What a line needs to know besides the change. */
export interface AuditCircumstances {
  /** Whether DynamoDB itself made the change: a removal by time to live. */
  readonly byService: boolean;
  /** Whether the item is known to be forgotten, by this change or a later one. */
  readonly forgotten: boolean;
}

/**
 * The archive's line of a change. Images are whole, but for secrets and, once an order is forgotten, for what speaks of a
 * person.
 */
export function auditLine(change: ItemChange, { byService, forgotten }: AuditCircumstances): AuditLine {
  const { recordId, table, kind, at, keys, oldImage = {}, newImage = {} } = change;
  // A removal has no new image: then the last one tells.
  const left = forgotten || isForgotten(change.newImage ?? oldImage) ? PERSONAL_FIELDS : SECRET_FIELDS;
  const itemVersion = versionOf(change);
  return {
    eventId: recordId,
    table,
    kind,
    at: new Date(at * 1000).toISOString(),
    who: byService ? 'dynamodb' : writerOf(change),
    key: keys,
    ...(itemVersion === undefined ? {} : { itemVersion }),
    changed: changedFields(oldImage, newImage).filter((name) => !isSecret(name)),
    ...(change.oldImage === undefined ? {} : { old: imageWithout(oldImage, left) }),
    ...(change.newImage === undefined ? {} : { new: imageWithout(newImage, left) }),
  };
}

/** Folder of a table's lines, or of one hour of it: `changes/orders/dt=2026-11-23/hour=09/`. Athena reads `dt` and `hour`. */
export function archiveFolder(table: string, at?: string): string {
  if (at === undefined) return `changes/${table}/`;
  return `changes/${table}/dt=${at.slice(0, 10)}/hour=${at.slice(11, 13)}/`;
}

/** Key of an object of lines, named after the first of them: the same batch again makes the same object. */
export function archiveKey(table: string, at: string, firstEventId: string): string {
  return `${archiveFolder(table, at)}${firstEventId}.ndjson.gz`;
}

/** Names of the top-level fields that differ, in alphabetical order. */
export function changedFields(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => !isSame(before[name], after[name])).sort();
}

function writerOf({ kind, oldImage, newImage }: ItemChange): string {
  const writer = kind === 'REMOVE' ? oldImage?.['removedBy'] : newImage?.['updatedBy'];
  return textOf(writer) || 'unknown';
}

/** A removal counts as the version after the removed one, so that versions rise through it. */
function versionOf({ kind, oldImage, newImage }: ItemChange): number | undefined {
  const version = (newImage ?? oldImage ?? {})['itemVersion'];
  if (typeof version !== 'number') return undefined;
  return kind === 'REMOVE' ? version + 1 : version;
}

function isSecret(name: string): boolean {
  return SECRET_FIELDS.some((secret) => secret === name);
}

function imageWithout(
  image: Readonly<Record<string, unknown>>,
  names: readonly string[],
): Record<string, unknown> {
  const left = withoutFields(image, names);
  return isRecord(left) ? left : {};
}

/** Whether two JSON values are equal, whatever the order of their fields. */
function isSame(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((element, index) => isSame(element, b[index]));
  }
  if (!isRecord(a) || !isRecord(b)) return a === b;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && isSame(a[name], b[name]))
  );
}
