const MAP = 0xa0;
const TEXT = 0x60;

/**
 * A map of texts in CBOR, the form of an error in Smithy's RPC v2.
 * @param members up to 23, each name and text up to 65,535 bytes long.
 * @see https://www.rfc-editor.org/rfc/rfc8949#section-3
 */
export function cborTexts(members: Readonly<Record<string, string>>): Buffer {
  const entries = Object.entries(members);
  return Buffer.concat([Buffer.of(MAP | entries.length), ...entries.flat().map(text)]);
}

/** Lengths below 24 stand in the first byte; 24 and 25 there announce a length of one or two bytes. */
function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  const { length } = bytes;
  if (length < 24) return Buffer.concat([Buffer.of(TEXT | length), bytes]);
  if (length < 256) return Buffer.concat([Buffer.of(TEXT | 24, length), bytes]);
  return Buffer.concat([Buffer.of(TEXT | 25, length >> 8, length & 0xff), bytes]);
}
