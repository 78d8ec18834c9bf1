const ENCODED_WORD = /=\?([\w-]+)\?([BQ])\?([^?]*)\?=/gi;

/** Header text as a reader sees it: MIME encoded-words (`=?UTF-8?B?…?=`) are decoded, what can't be stays as it is. */
export function decodeHeader(text: string): string {
  // Blanks between two encoded-words belong to neither: RFC 2047, 6.2.
  const joined = text.replace(/(\?=)\s+(?==\?)/g, '$1');
  return joined.replace(ENCODED_WORD, (word: string, charset: string, encoding: string, data: string) => {
    const bytes = encoding.toUpperCase() === 'B' ? Buffer.from(data, 'base64') : quotedBytes(data);
    try {
      return new TextDecoder(charset).decode(bytes);
    } catch {
      return word;
    }
  });
}

function quotedBytes(data: string): Buffer {
  const plain = data
    .replaceAll('_', ' ')
    .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(plain, 'latin1');
}
