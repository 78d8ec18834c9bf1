import { enableMappings } from '../event-source-mappings.ts';
import { randomFrom } from '../sample/random.ts';
import type { Session } from '../session.ts';

/** A consumer's queue whose messages a test delivers as it likes, through AWS's own operations. */
export class HeldQueue {
  readonly #session: Session;
  readonly #functionName: string;

  /** @param app the consumer, by its folder's name. */
  constructor(session: Session, app: string) {
    this.#session = session;
    const outputs = session.status.outputs;
    this.#functionName = (outputs['orders_table'] ?? '').replace(/orders$/, app);
  }

  /** Lets nothing through to the consumer from now on. */
  async hold(): Promise<void> {
    await this.#enable(false);
  }

  /** Delivers every event that waits so many times, in random order, and waits until all has settled. */
  async deliverShuffled(times: number): Promise<void> {
    const waiting: string[] = [];
    for (let some = await this.#receive(); some.length > 0; some = await this.#receive())
      waiting.push(...some);
    await this.#sqs('PurgeQueue', {});
    const random = randomFrom(11);
    const deliveries = Array.from({ length: times }, () => waiting)
      .flat()
      .map((body) => ({ body, place: random() }))
      .toSorted((a, b) => a.place - b.place);
    for (const { body } of deliveries) await this.#sqs('SendMessage', { MessageBody: body });
    await this.#enable(true);
    await this.#session.cloud.settled(AbortSignal.timeout(120_000));
  }

  async #receive(): Promise<string[]> {
    const answer = await this.#sqs('ReceiveMessage', { MaxNumberOfMessages: 10 });
    const { Messages = [] } = (await answer.json()) as { Messages?: { Body: string }[] };
    return Messages.map(({ Body }) => Body);
  }

  async #sqs(operation: string, parameters: object): Promise<Response> {
    const { endpoint } = this.#session.status;
    const answer = await fetch(endpoint, {
      method: 'POST',
      headers: { 'x-amz-target': `AmazonSQS.${operation}`, 'content-type': 'application/x-amz-json-1.0' },
      body: JSON.stringify({ QueueUrl: `${endpoint}/000000000000/${this.#functionName}`, ...parameters }),
    });
    if (!answer.ok) throw new Error(`${operation}: ${answer.status} ${await answer.text()}`);
    return answer;
  }

  async #enable(enabled: boolean): Promise<void> {
    const found = await enableMappings(this.#session, enabled, (name) => name === this.#functionName);
    if (found === 0) throw new Error(`${this.#functionName} has no mapping.`);
  }
}
