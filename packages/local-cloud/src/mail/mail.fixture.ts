import type { EventContent } from '../bus/event.ts';
import { MovableClock } from '../clock.ts';
import { Endpoint } from '../endpoint/endpoint.ts';
import type { Caller, ServiceHandler } from '../endpoint/service.ts';
import { InFlight } from '../in-flight.ts';
import { Journal } from '../journal/journal.ts';
import { MailService } from './mail-service.ts';
import { withTextMessages } from './text-messages.ts';
import { outboxPath } from './outbox-paths.ts';

const arn = (resource: string) => `arn:aws:ses:eu-west-1:123456789012:${resource}`;

export const CONFIGURATION_SET = {
  name: 'shop',
  arn: arn('configuration-set/shop'),
  eventTypes: ['BOUNCE', 'COMPLAINT'],
};

export const NOTIFY: Caller = { kind: 'function', name: 'notify-customer', roleArn: undefined };

/** Mail and text messages behind an endpoint, for clients whose access key is `notify-customer`. */
export class MailSetUp {
  readonly clock = new MovableClock();
  readonly inFlight = new InFlight();
  readonly journal = new Journal(':memory:');
  events: EventContent[] = [];
  /** What becomes of an event of SES's. */
  putEvent: (content: EventContent) => unknown = (content) => this.events.push(content);
  url = '';
  /** The mail service itself, without the endpoint before it. */
  handler: ServiceHandler = () => Promise.reject(new Error('open it first'));
  #endpoint: Endpoint | undefined;

  /** @param topics answers what of SNS is no text message. */
  async open(topics: ServiceHandler): Promise<void> {
    const { clock, inFlight, journal } = this;
    const mail = new MailService({
      mailIdentities: [
        { name: 'example.org', arn: arn('identity/example.org') },
        { name: 'news@other.org', arn: arn('identity/news@other.org'), configurationSet: 'shop' },
      ],
      mailConfigurationSets: [
        CONFIGURATION_SET,
        { name: 'quiet', arn: arn('configuration-set/quiet'), eventTypes: [] },
        { name: 'all', arn: arn('configuration-set/all'), eventTypes: ['SEND', 'DELIVERY', 'BOUNCE'] },
      ],
      region: 'eu-west-1',
      accountId: '123456789012',
      putEvent: (content) => this.putEvent(content),
      clock,
      inFlight,
      journal,
    });
    this.handler = mail.handler;
    this.#endpoint = new Endpoint({
      handlers: { ses: mail.handler, sns: withTextMessages(topics, { clock, journal }) },
      callers: new Map([['notify-customer', NOTIFY]]),
      local: { outbox: outboxPath(journal) },
    });
    this.url = `http://127.0.0.1:${await this.#endpoint.listen(0)}`;
  }

  async close(): Promise<void> {
    await this.#endpoint?.close();
    this.clock.stop();
    this.journal.close();
  }

  get clientConfig() {
    return {
      endpoint: this.url,
      region: 'eu-west-1',
      maxAttempts: 1,
      credentials: { accessKeyId: 'notify-customer', secretAccessKey: 'secret' },
    };
  }
}
