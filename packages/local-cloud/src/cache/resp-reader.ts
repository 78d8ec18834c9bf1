/** A client that does not speak the protocol; it is told so, and its connection ends. */
export class ProtocolError extends Error {
  constructor(problem: string) {
    super(`Protocol error: ${problem}`);
    this.name = 'ProtocolError';
  }
}

/** A command with its arguments. Strings hold one byte in each character ("latin1"), so that any bytes pass unchanged. */
export type Command = readonly string[];

/** Longest argument, all arguments of a command together, and most of them. */
const LONGEST_ARGUMENT = 8 * 1024 * 1024;
const LONGEST_COMMAND = 16 * 1024 * 1024;
const MOST_ARGUMENTS = 65_536;
/** Longest line: a command written by hand, or a length. */
const LONGEST_LINE = 64 * 1024;

const CR_LF = '\r\n';

/**
 * Reads the commands of one connection, as they arrive in pieces: arrays of bulk strings, or words on a line.
 *
 * @see https://redis.io/docs/latest/develop/reference/protocol-spec/
 */
export class RespReader {
  /** Bytes that belong to no complete command yet, and where reading goes on in them. */
  #buffer: Buffer = Buffer.alloc(0);
  #position = 0;
  /** Pieces that came since, put together when there are enough bytes to go on. */
  #pieces: Buffer[] = [];
  #length = 0;
  /** So many bytes must be there before reading can go on. */
  #awaited = 1;
  /** The command under way, and how many arguments it still lacks. */
  #arguments: string[] = [];
  #missing = 0;
  #bytes = 0;

  /** @returns the commands that are complete now. @throws {ProtocolError}. */
  *push(piece: Buffer): Generator<Command> {
    this.#pieces.push(piece);
    this.#length += piece.length;
    if (this.#length < this.#awaited) return;
    this.#buffer = this.#pieces.length === 1 ? piece : Buffer.concat(this.#pieces);
    this.#position = 0;
    for (let command = this.#next(); command !== undefined; command = this.#next())
      if (command.length > 0) yield command;
    const rest = this.#buffer.subarray(this.#position);
    this.#pieces = rest.length === 0 ? [] : [rest];
    this.#length = rest.length;
    this.#buffer = Buffer.alloc(0);
  }

  /** The next command, empty for an empty line; undefined when more bytes are needed. */
  #next(): Command | undefined {
    if (this.#missing === 0) {
      const line = this.#line('too big inline request');
      if (line === undefined) return undefined;
      if (!line.startsWith('*')) return line.split(/[ \t]+/).filter((word) => word !== '');
      const count = lengthIn(line, MOST_ARGUMENTS, 'invalid multibulk length', true);
      if (count <= 0) return [];
      this.#arguments = [];
      this.#missing = count;
      this.#bytes = 0;
    }
    while (this.#missing > 0) if (!this.#argument()) return undefined;
    const command = this.#arguments;
    this.#arguments = [];
    return command;
  }

  /** Reads one argument. @returns false when more bytes are needed; the argument's length is read again then. */
  #argument(): boolean {
    const start = this.#position;
    const line = this.#line('too big bulk count string');
    if (line === undefined) return false;
    if (!line.startsWith('$')) throw new ProtocolError(`expected '$', got '${line.slice(0, 1)}'`);
    const length = lengthIn(line, LONGEST_ARGUMENT, 'invalid bulk length');
    this.#bytes += length;
    if (this.#bytes > LONGEST_COMMAND) throw new ProtocolError('invalid bulk length');
    const end = this.#position + length;
    if (this.#buffer.length < end + CR_LF.length) {
      this.#bytes -= length;
      this.#awaited = end + CR_LF.length - start;
      this.#position = start;
      return false;
    }
    if (this.#buffer.toString('latin1', end, end + CR_LF.length) !== CR_LF)
      throw new ProtocolError('invalid bulk length');
    this.#arguments.push(this.#buffer.toString('latin1', this.#position, end));
    this.#position = end + CR_LF.length;
    this.#missing -= 1;
    return true;
  }

  /** The line that begins here, without its end; undefined when it is not all there. */
  #line(tooLong: string): string | undefined {
    const end = this.#buffer.indexOf('\n', this.#position, 'latin1');
    const length = (end === -1 ? this.#buffer.length : end) - this.#position;
    if (length > LONGEST_LINE) throw new ProtocolError(tooLong);
    if (end === -1) {
      this.#awaited = length + 1;
      return undefined;
    }
    const line = this.#buffer.toString('latin1', this.#position, end);
    this.#position = end + 1;
    return line.endsWith('\r') ? line.slice(0, -1) : line;
  }
}

/** A length after its mark (`*3`, `$12`). */
function lengthIn(line: string, most: number, problem: string, mayBeNegative = false): number {
  const digits = line.slice(1);
  const length = /^-?\d{1,10}$/.test(digits) ? Number(digits) : NaN;
  if (!(length <= most) || (length < 0 && !mayBeNegative)) throw new ProtocolError(problem);
  return length;
}
