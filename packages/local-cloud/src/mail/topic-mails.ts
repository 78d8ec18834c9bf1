import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { ServiceHandler } from '../endpoint/service.ts';
import type { JournalWriter } from '../journal/writer.ts';
import type { MailSubscription } from '../stack/model.ts';

/** What is told to those who are subscribed to a topic by mail. */
export interface TopicMail {
  readonly topicArn: string;
  /** SNS has one of its own where none is given. */
  readonly subject: string | undefined;
  readonly text: string;
  /** Who published it. */
  readonly from: string;
}

const SENDER = 'AWS Notifications <no-reply@sns.amazonaws.com>';
const SUBJECT = 'AWS Notification Message';

/** Mails to those who are subscribed to a topic: they go no further than the outbox. Nobody has to confirm here. */
export class TopicMails {
  readonly #subscriptions: readonly MailSubscription[];
  readonly #tools: { readonly clock: Clock; readonly journal: JournalWriter };

  constructor(
    subscriptions: readonly MailSubscription[],
    tools: { readonly clock: Clock; readonly journal: JournalWriter },
  ) {
    this.#subscriptions = subscriptions;
    this.#tools = tools;
  }

  send({ topicArn, subject = SUBJECT, text, from }: TopicMail): void {
    const { clock, journal } = this.#tools;
    for (const { recipient } of this.#subscriptions.filter((each) => each.topicArn === topicArn))
      journal.append('messages', {
        id: randomUUID(),
        channel: 'mail',
        at: clock.now(),
        recipient,
        subject,
        text,
        html: '',
        function: from,
        outcome: 'sent',
        tags: '{}',
        headers: JSON.stringify({ From: SENDER, To: recipient, Subject: subject }),
      });
  }

  /** SNS whose messages also go to those who are subscribed by mail. */
  around(topics: ServiceHandler): ServiceHandler {
    if (this.#subscriptions.length === 0) return topics;
    return async (request) => {
      const answer = await topics(request);
      if (answer.status >= 400 || !request.operation.startsWith('Publish')) return answer;
      const call = new URLSearchParams(request.body.toString());
      const topicArn = call.get('TopicArn') ?? call.get('TargetArn') ?? '';
      for (const [name, text] of call) {
        const [, entry] = MESSAGE.exec(name) ?? [];
        if (entry === undefined) continue;
        const subject = call.get(`${entry}Subject`) ?? undefined;
        this.send({ topicArn, subject, text, from: request.caller.name });
      }
      return answer;
    };
  }
}

/** The message of a Publish, and of each entry of a PublishBatch. */
const MESSAGE = /^((?:PublishBatchRequestEntries\.member\.\d+\.)?)Message$/;
