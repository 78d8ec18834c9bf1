import { CloudClient } from '../cloud-client.ts';
import { driveTime } from './time.ts';

/** A cloud whose looks answer one after the other, the last one again and again. */
class Looks extends CloudClient {
  readonly #answers: object[];

  constructor(...answers: object[]) {
    super('http://127.0.0.1:1');
    this.#answers = answers;
  }

  override async status(): Promise<never> {
    const [answer, ...others] = this.#answers;
    if (others.length > 0) this.#answers.shift();
    return answer as never;
  }
}

const signal = new AbortController().signal;

it('a cloud with nothing in flight has settled', async () => {
  expect(await driveTime(new Looks({ ready: true, inFlight: {} }), signal)).toBe(true);
});

it('a cloud that is being started has not settled, though nothing is in flight yet', async () => {
  expect(await driveTime(new Looks({ ready: false, inFlight: {} }), signal)).toBe(false);
});
