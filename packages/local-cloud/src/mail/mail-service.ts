import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { EventContent } from '../bus/event.ts';
import type { Clock } from '../clock.ts';
import { AwsError } from '../endpoint/service.ts';
import type { ServiceHandler, ServiceRequest } from '../endpoint/service.ts';
import { unknownOperation } from '../endpoint/unknown-operation.ts';
import type { InFlight } from '../in-flight.ts';
import type { State } from '../journal/state.ts';
import type { JournalWriter } from '../journal/writer.ts';
import type { MailConfigurationSet, MailIdentity, Stack } from '../stack/model.ts';
import type { MailAddress } from './address.ts';
import { feedbackEvents, headersOf, recipientsOf, type SentMail } from './feedback.ts';
import { identityOf } from './identity.ts';
import { readMail, type Mail } from './mail.ts';
import { fateOf } from './simulator.ts';

export interface MailServiceOptions extends Pick<
  Stack,
  'mailIdentities' | 'mailConfigurationSets' | 'region' | 'accountId'
> {
  /** Takes an event of SES's for the account's default bus. */
  readonly putEvent: (content: EventContent) => unknown;
  readonly clock: Clock;
  readonly inFlight: InFlight;
  readonly journal: JournalWriter & Omit<State, 'isKept'>;
}

/** Events that are yet to be told, as they are kept. */
const keptEvents = z.array(
  z
    .object({
      source: z.string(),
      detailType: z.string(),
      detail: z.string(),
      resources: z.array(z.string()),
      time: z.number(),
    })
    .transform((event): EventContent => {
      return { ...event, parsedDetail: JSON.parse(event.detail), trace: undefined };
    }),
);

/** SES, as far as its second API's SendEmail: mail is checked as there, and goes no further than the journal. */
export class MailService {
  readonly #options: MailServiceOptions;
  /** What an earlier process was yet to tell, by the mail's id. */
  readonly #earlier: readonly (readonly [id: string, kept: unknown])[];

  constructor(options: MailServiceOptions) {
    this.#options = options;
    this.#earlier = options.journal.entries('feedback');
  }

  /** Answers the calls of service `ses`. */
  readonly handler: ServiceHandler = async (request) => {
    const { pathname } = new URL(request.url, 'http://ses');
    if (request.method !== 'POST' || pathname !== '/v2/email/outbound-emails') {
      throw notRun(request, pathname);
    }
    const body = JSON.stringify({ MessageId: this.#send(request) });
    await this.#options.journal.durable();
    return { status: 200, headers: { 'content-type': 'application/json' }, body };
  };

  #send({ body, caller }: ServiceRequest): string {
    const { accountId, clock } = this.#options;
    const mail = readMail(body);
    const identity = this.#identity(mail.from);
    const configurationSet = this.#configurationSet(mail.configurationSet ?? identity.configurationSet);
    const at = clock.now();
    const id = `${at.toString(16).padStart(16, '0')}-${randomUUID()}-000000`;
    this.#keep({ id, mail, identity, configurationSet, accountId, caller: caller.name, at });
    return id;
  }

  #keep(sent: SentMail): void {
    const { id, mail, caller, at } = sent;
    this.#options.journal.append('messages', {
      id,
      channel: 'mail',
      at,
      recipient: recipientsOf(mail)
        .map(({ address }) => address)
        .join(', '),
      subject: mail.subject,
      text: mail.text,
      html: mail.html,
      function: caller,
      outcome: outcomeOf(mail),
      tags: JSON.stringify(mail.tags),
      headers: JSON.stringify(headersOf(mail)),
    });
    this.#tellOf(sent);
  }

  /** Has the events told of that an earlier process was yet to tell. */
  resume(): void {
    for (const [id, kept] of this.#earlier) this.#tell(id, keptEvents.parse(kept));
  }

  /** Events come after the answer, as on AWS: whoever sent the mail knows its id by then. */
  #tellOf(sent: SentMail): void {
    const events = feedbackEvents(sent);
    if (events.length === 0) return;
    this.#options.journal.put('feedback', sent.id, events);
    const leave = this.#options.inFlight.enter('mail');
    setImmediate(() => {
      this.#tell(sent.id, events);
      leave();
    });
  }

  #tell(id: string, events: readonly EventContent[]): void {
    for (const event of events) this.#put(event);
    this.#options.journal.remove('feedback', id);
  }

  /** Nobody is there to be answered any more: the cloud goes on without an event that the bus does not take. */
  #put(event: EventContent): void {
    try {
      this.#options.putEvent(event);
    } catch (error) {
      console.error(`The bus did not take "${event.detailType}" of a mail: ${String(error)}`);
    }
  }

  /** A verified domain covers its subdomains; an address of its own goes before it. */
  #identity(from: MailAddress): MailIdentity {
    const { mailIdentities, region } = this.#options;
    const identity = identityOf(mailIdentities, from);
    if (identity) return identity;
    throw new AwsError(
      'MessageRejected',
      `Email address is not verified. The following identities failed the check in region ${region.toUpperCase()}: ${from.address}`,
    );
  }

  #configurationSet(wanted: string | undefined): MailConfigurationSet | undefined {
    if (wanted === undefined) return undefined;
    const found = this.#options.mailConfigurationSets.find(({ name }) => name === wanted);
    if (found) return found;
    throw new AwsError('NotFoundException', `Configuration set <${wanted}> does not exist.`, 404);
  }
}

function outcomeOf(mail: Mail): string {
  const fates = recipientsOf(mail).map(fateOf);
  if (fates.includes('bounced') || fates.includes('suppressed')) return 'bounced';
  return fates.includes('complained') ? 'complained' : 'sent';
}

function notRun({ method, operation }: ServiceRequest, path: string): AwsError {
  const call = path === '/' ? `${operation} (the first version of SES's API)` : `${method} ${path}`;
  const instead = "Identities and configuration sets are the stack's: change the stack and start again.";
  return unknownOperation(call, instead, ['SendEmail (POST /v2/email/outbound-emails)']);
}
