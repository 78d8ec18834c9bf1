import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** The end of a process: what was under way is not told its answer. */
export class Crash extends Error {
  constructor(where: string) {
    super(`The process ended ${where}.`);
    this.name = 'Crash';
  }
}

/** Stands around every call to a table. */
export type Interceptor = (call: () => Promise<unknown>) => Promise<unknown>;

/** The calls that stages make, seen one by one. */
export class Calls {
  #interceptor: Interceptor = (call) => call();

  constructor(client: DynamoDBDocumentClient) {
    client.middlewareStack.add(
      (next) => async (args) => {
        let result: Awaited<ReturnType<typeof next>> | undefined;
        await this.#interceptor(async () => (result = await next(args)));
        if (result === undefined) throw new Error('An interceptor left out its call.');
        return result;
      },
      { step: 'initialize', priority: 'high', name: 'workflowTests' },
    );
  }

  /** Does `work` with `interceptor` around each of its calls. */
  async during<Result>(interceptor: Interceptor, work: () => Promise<Result>): Promise<Result> {
    this.#interceptor = interceptor;
    try {
      return await work();
    } finally {
      this.#interceptor = (call) => call();
    }
  }

  /** How many calls `work` makes. */
  async count(work: () => Promise<unknown>): Promise<number> {
    let count = 0;
    await this.during((call) => ((count += 1), call()), work);
    return count;
  }

  /** Does `work` in a process that ends before, or right after, the call with this number (from 1). */
  async crashing<Result>(
    number: number,
    when: 'before' | 'after',
    work: () => Promise<Result>,
  ): Promise<Result> {
    let count = 0;
    return this.during(async (call) => {
      count += 1;
      if (count === number && when === 'before') throw new Crash(`before call ${number}`);
      const answer = await call();
      if (count === number) throw new Crash(`after call ${number}`);
      return answer;
    }, work);
  }

  /** Does `work`, and `meanwhile` right before the call with this number; one past the last means afterwards. */
  async inserting<Result>(
    number: number,
    meanwhile: () => Promise<unknown>,
    work: () => Promise<Result>,
  ): Promise<Result> {
    let count = 0;
    let inside = false;
    const result = await this.during(async (call) => {
      if (inside) return call();
      count += 1;
      if (count === number) {
        inside = true;
        await meanwhile();
        inside = false;
      }
      return call();
    }, work);
    if (count < number) await meanwhile();
    return result;
  }
}
