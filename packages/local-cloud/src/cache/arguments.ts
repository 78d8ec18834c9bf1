/** A command that can't be done as it was given; the client gets the message, and its connection goes on. */
export class CommandError extends Error {
  constructor(text: string) {
    super(text);
    this.name = 'CommandError';
  }
}

export function wrongNumber(command: string): CommandError {
  return new CommandError(`ERR wrong number of arguments for '${command.toLowerCase()}' command`);
}

export function syntaxError(): CommandError {
  return new CommandError('ERR syntax error');
}

/** A whole number. @throws {CommandError}. */
export function wholeIn(text: string | undefined): number {
  const number = text !== undefined && /^-?\d{1,16}$/.test(text) ? Number(text) : NaN;
  if (Number.isSafeInteger(number)) return number;
  throw new CommandError('ERR value is not an integer or out of range');
}

/** A score: a number, or an infinite one. @throws {CommandError}. */
export function scoreIn(text: string | undefined): number {
  const word = text?.toLowerCase() ?? '';
  if (/^\+?inf(?:inity)?$/.test(word)) return Infinity;
  if (/^-inf(?:inity)?$/.test(word)) return -Infinity;
  const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/.test(word) ? Number(word) : NaN;
  if (Number.isFinite(number)) return number;
  throw new CommandError('ERR value is not a valid float');
}

/** A pattern of keys (`product#*`, `?`, `[a-c]`, `\*`) as an expression. */
export function globIn(pattern: string): RegExp {
  const source = pattern.replaceAll(/\*+|\?|\[\^?(?:\\.|[^\]\\])*\]|\\?[\s\S]/g, (part) => {
    if (part.startsWith('*')) return '.*';
    if (part === '?') return '.';
    if (part.length > 1 && part.startsWith('[')) return setIn(part);
    return escaped(part.length > 1 ? part.slice(1) : part);
  });
  return new RegExp(`^${source}$`, 's');
}

function setIn(part: string): string {
  const isNegated = part.startsWith('[^');
  const members = part
    .slice(isNegated ? 2 : 1, -1)
    .replaceAll(/\\?([\s\S])/g, (_, character: string) => (character === '-' ? '-' : escaped(character)));
  if (members === '') return isNegated ? '.' : '(?!)';
  try {
    return new RegExp(`[${isNegated ? '^' : ''}${members}]`).source;
  } catch {
    return '(?!)';
  }
}

function escaped(character: string): string {
  return /[\w\s#]/.test(character) ? character : `\\${character}`;
}
