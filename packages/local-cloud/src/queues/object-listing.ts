import type { ListedObjects, ListOptions, S3Object } from './fauxqs.ts';

/** A text and this one come after everything that begins with the text. */
export const LAST = '\u{10FFFF}';

/**
 * One page of a bucket: objects, and for keys with the delimiter after the prefix what they have in common, once.
 *
 * @param after gives the objects with the prefix whose keys come after a key, in order.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 */
export function pageOf(
  { prefix = '', delimiter = '', maxKeys = 1000, startAfter, marker }: ListOptions,
  after: (key: string) => Iterable<S3Object>,
): ListedObjects {
  const first = startAfter ?? marker ?? '';
  const objects: S3Object[] = [];
  const commonPrefixes: string[] = [];
  const isFull = () => objects.length + commonPrefixes.length >= maxKeys;

  for (let from: string | undefined = first; from !== undefined;) {
    let next: string | undefined;
    for (const object of after(from)) {
      const common = commonPrefix(object.key, prefix, delimiter);
      const isBehind = common !== undefined && first.startsWith(common);
      if (!isBehind && isFull()) return { objects, commonPrefixes, isTruncated: true };
      if (common === undefined) {
        objects.push(object);
        continue;
      }
      if (!isBehind) commonPrefixes.push(common);
      next = common + LAST;
      break;
    }
    from = next;
  }
  return { objects, commonPrefixes, isTruncated: false };
}

/** A key up to the first delimiter after the prefix; undefined when there is none. */
function commonPrefix(key: string, prefix: string, delimiter: string): string | undefined {
  if (delimiter === '') return undefined;
  const end = key.indexOf(delimiter, prefix.length);
  return end < 0 ? undefined : key.slice(0, end + delimiter.length);
}
