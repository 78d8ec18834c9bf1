import type { ApiEvent } from './request.ts';
import { Problem } from './problem.ts';

/** Bytes of a body; an order of the most lines with the longest SKUs has fewer. */
const MOST_BYTES = 512 * 1024;

/** `application/json` and what is built on it; a charset, where one is named, is UTF-8. */
const JSON_TYPE = /^\s*application\/(json|[\w.!#$&^-]+\+json)\s*(;\s*charset\s*=\s*"?utf-?8"?\s*)?$/i;

const UTF_8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The JSON of a request's body. Of an object that names a field twice the last one counts.
 *
 * @throws Problem where it is of another type, too large, no UTF-8 or no JSON. Nothing of the body is repeated in it.
 */
export function jsonBody(event: ApiEvent): unknown {
  const type = event.headers['content-type'];
  if (type !== undefined && !JSON_TYPE.test(type)) {
    throw new Problem(
      'wrong-media-type',
      'Send JSON in UTF-8, and say so with the header Content-Type: application/json.',
    );
  }
  const text = textOf(bytesOf(event));
  try {
    return JSON.parse(text);
  } catch (error) {
    const [, where] = /at position (\d+)/.exec(String(error)) ?? [];
    const why = where === undefined ? '' : `, which shows at character ${where}`;
    throw new Problem('malformed-body', `The body is not JSON${why}. Send a JSON object.`);
  }
}

function bytesOf({ body = '', isBase64Encoded }: ApiEvent): Buffer {
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length <= MOST_BYTES) return bytes;
  throw new Problem(
    'too-large',
    `The body has ${bytes.length} bytes; at most ${MOST_BYTES} are read. Send it in several requests.`,
  );
}

function textOf(bytes: Buffer): string {
  try {
    return UTF_8.decode(bytes);
  } catch {
    throw new Problem('malformed-body', 'The body is not UTF-8. Send JSON in UTF-8.');
  }
}
