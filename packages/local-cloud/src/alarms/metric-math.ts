/** The value of a metric in one period; undefined where it has none. */
export type ValueOf = (id: string) => number | undefined;
type Term = (valueOf: ValueOf) => number | undefined;

/** A number, a name, or one of the signs that are known. */
const TOKEN = /\s*(\d+(?:\.\d+)?|[A-Za-z]\w*|[-+*/(),[\]])/y;

const ARRAYS: Readonly<Record<string, (values: readonly number[]) => number>> = {
  SUM: (values) => values.reduce((sum, value) => sum + value, 0),
  MAX: (values) => Math.max(...values),
  MIN: (values) => Math.min(...values),
  AVG: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
};

class MathError extends Error {}

/**
 * Reads a metric math expression: numbers, metrics by their ids, `+ - * /`, brackets, and SUM, MAX, MIN and AVG of a list
 * (`SUM([a, b])`). An operation on a metric without a data point has none, nor has a division by 0; the functions take the
 * data points that there are.
 *
 * @returns what it comes to in a period, or what is wrong with it.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export function compileMath(text: string, ids: ReadonlySet<string>): Term | string {
  try {
    return new Reader(tokensOf(text), ids).whole();
  } catch (error) {
    if (error instanceof MathError) return error.message;
    throw error;
  }
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  for (let place = 0; text.slice(place).trim() !== ''; place = TOKEN.lastIndex) {
    TOKEN.lastIndex = place;
    const [, token] = TOKEN.exec(text) ?? [];
    if (token === undefined) throw new MathError(`"${text.slice(place).trim()}" can't be read here`);
    tokens.push(token);
  }
  return tokens;
}

/** By precedence: a sum is made of products, a product of factors. */
class Reader {
  readonly #tokens: readonly string[];
  readonly #ids: ReadonlySet<string>;
  #place = 0;

  constructor(tokens: readonly string[], ids: ReadonlySet<string>) {
    this.#tokens = tokens;
    this.#ids = ids;
  }

  whole(): Term {
    const term = this.#sum();
    if (this.#next !== undefined) throw new MathError(`"${this.#next}" is not expected there`);
    return term;
  }

  #sum(): Term {
    let left = this.#product();
    while (this.#next === '+' || this.#next === '-') {
      const isPlus = this.#take() === '+';
      left = both(left, this.#product(), (one, other) => (isPlus ? one + other : one - other));
    }
    return left;
  }

  #product(): Term {
    let left = this.#factor();
    while (this.#next === '*' || this.#next === '/') {
      const isTimes = this.#take() === '*';
      left = both(left, this.#factor(), (one, other) => (isTimes ? one * other : quotient(one, other)));
    }
    return left;
  }

  #factor(): Term {
    const token = this.#take();
    if (token === '-')
      return both(
        () => 0,
        this.#factor(),
        (zero, value) => zero - value,
      );
    if (token === '(') {
      const inner = this.#sum();
      this.#expect(')');
      return inner;
    }
    if (/^\d/.test(token)) {
      const value = Number(token);
      return () => value;
    }
    const ofArray = Object.hasOwn(ARRAYS, token) ? ARRAYS[token] : undefined;
    if (ofArray) return this.#array(ofArray);
    if (this.#ids.has(token)) return (valueOf) => valueOf(token);
    const known = [...Object.keys(ARRAYS), ...this.#ids].join(', ');
    throw new MathError(`"${token}" is not known here. Known are ${known}`);
  }

  #array(reduce: (values: readonly number[]) => number): Term {
    this.#expect('(');
    this.#expect('[');
    const terms = [this.#sum()];
    while (this.#next === ',') {
      this.#take();
      terms.push(this.#sum());
    }
    this.#expect(']');
    this.#expect(')');
    return (valueOf) => {
      const values = terms.map((term) => term(valueOf)).filter((value) => value !== undefined);
      return values.length > 0 ? reduce(values) : undefined;
    };
  }

  get #next(): string | undefined {
    return this.#tokens[this.#place];
  }

  #take(): string {
    const token = this.#next;
    if (token === undefined) throw new MathError('it ends too early');
    this.#place += 1;
    return token;
  }

  #expect(wanted: string): void {
    const token = this.#take();
    if (token !== wanted) throw new MathError(`"${wanted}" is expected instead of "${token}"`);
  }
}

function both(one: Term, other: Term, join: (one: number, other: number) => number | undefined): Term {
  return (valueOf) => {
    const left = one(valueOf);
    const right = other(valueOf);
    return left === undefined || right === undefined ? undefined : join(left, right);
  };
}

function quotient(one: number, other: number): number | undefined {
  return other === 0 ? undefined : one / other;
}
