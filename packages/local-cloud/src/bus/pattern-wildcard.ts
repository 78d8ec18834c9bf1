/**
 * Compiles a wildcard: `*` stands for any text, `\*` and `\\` for themselves. Matching is linear in the value.
 *
 * @throws Error with the reason for `**` and for any other escape.
 */
export function glob(pattern: string): (value: string) => boolean {
  const pieces = split(pattern);
  const first = pieces[0] ?? '';
  const last = pieces[pieces.length - 1] ?? '';
  const middle = pieces.slice(1, -1);
  if (pieces.length === 1) return (value) => value === first;
  return (value) => {
    if (!value.startsWith(first)) return false;
    let from = first.length;
    for (const piece of middle) {
      const found = value.indexOf(piece, from);
      if (found < 0) return false;
      from = found + piece.length;
    }
    return value.length - last.length >= from && value.endsWith(last);
  };
}

/** The literal texts between the wildcards. */
function split(pattern: string): string[] {
  const pieces = [''];
  for (let position = 0; position < pattern.length; position++) {
    let character = pattern.charAt(position);
    if (character === '*') {
      if (pattern[position + 1] === '*') throw refusal('Consecutive wildcard characters', pattern, position);
      pieces.push('');
      continue;
    }
    if (character === '\\') {
      character = pattern.charAt(++position);
      if (character !== '*' && character !== '\\')
        throw refusal('Invalid escape character', pattern, position - 1);
    }
    pieces.push((pieces.pop() ?? '') + character);
  }
  return pieces;
}

/** AWS counts bytes of UTF-8, from the opening quote on. */
function refusal(what: string, pattern: string, position: number): Error {
  return new Error(`${what} at pos ${Buffer.byteLength(pattern.slice(0, position)) + 1}`);
}
