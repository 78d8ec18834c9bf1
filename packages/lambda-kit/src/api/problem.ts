/** A field of a request, as the caller wrote it, and what is wrong with it. */
export interface WrongField {
  readonly field: string;
  readonly problem: string;
}

/** Every problem that a request can meet: its status and what it is called. */
const KINDS = {
  'malformed-body': { status: 400, title: 'The body cannot be read' },
  'invalid-request': { status: 400, title: 'Some of the request is wrong' },
  'unknown-caller': { status: 401, title: 'Nobody is known to be asking' },
  forbidden: { status: 403, title: 'This is for others' },
  'not-found': { status: 404, title: 'There is no such thing' },
  'key-used-before': { status: 409, title: 'The key was used for something else' },
  'changed-meanwhile': { status: 409, title: 'Somebody else changed it first' },
  'too-late-to-cancel': { status: 409, title: 'The order can no longer be cancelled' },
  'wrong-media-type': { status: 415, title: 'The body is of a type that is not read here' },
  'too-large': { status: 413, title: 'The request is too large' },
  'internal-error': { status: 500, title: 'Something went wrong on our side' },
  'switched-off': { status: 501, title: 'This deployment has it switched off' },
  'try-later': { status: 503, title: 'Too much is going on' },
} as const;

/**
 * A request that cannot be answered as the caller wished, in the form of RFC 9457. The message is for the caller: it
 * never speaks of our insides.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export class Problem extends Error {
  readonly kind: keyof typeof KINDS;
  readonly errors: readonly WrongField[];

  constructor(kind: keyof typeof KINDS, detail: string, errors: readonly WrongField[] = []) {
    super(detail);
    this.name = 'Problem';
    this.kind = kind;
    this.errors = errors;
  }

  get status(): number {
    return KINDS[this.kind].status;
  }

  toJSON() {
    return {
      type: `urn:orderstream:problem:${this.kind}`,
      title: KINDS[this.kind].title,
      status: this.status,
      detail: this.message,
      ...(this.errors.length === 0 ? {} : { errors: this.errors }),
    };
  }
}
