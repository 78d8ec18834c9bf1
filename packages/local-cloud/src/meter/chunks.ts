/** Bytes of a chunk that SQS, SNS and EventBridge bill as one request or event. */
export const MESSAGE_CHUNK = 64 * 1024;
/** Bytes of a chunk that an HTTP API bills as one request. */
export const API_CHUNK = 512 * 1024;

/** How many chunks a payload is billed as: at least one, also when it is empty. */
export function chunks(bytes: number, chunk: number): number {
  return Math.max(1, Math.ceil(bytes / chunk));
}

/** The chunks of a text. Its bytes are counted only where they can matter. */
export function chunksOfText(text: string, chunk: number): number {
  // A UTF-16 unit is at most three bytes.
  return text.length * 3 <= chunk ? 1 : chunks(Buffer.byteLength(text), chunk);
}
