import { serviceUrl, signedFetch, type SignedService } from '@orderstream/lambda-kit';
import type { Mail } from './letters/mail.ts';
import { refusal, unanswered } from './refusal.ts';

export interface Sender {
  /** A plain address. */
  readonly from: string;
  readonly configurationSet: string;
}

/** Reasons that lie in the message or its address, as SES and SNS name them (without `Exception`). */
const PERMANENT_MAIL = new Set(['BadRequest', 'MessageRejected']);
/** SES's words for a sender that is not verified, or, in its sandbox, a recipient: that lies in the account. */
const UNVERIFIED = /"message"\s*:\s*"Email address is not verified/i;
const PERMANENT_SMS = new Set([
  'InvalidParameter',
  'InvalidParameterValue',
  'ParameterValueInvalid',
  'OptedOut',
  'Validation',
]);

/** Sends mail by SES and SMS by SNS; each call makes one message, also when it is repeated. */
export class Post {
  readonly #sender: Sender;

  constructor(sender: Sender) {
    this.#sender = sender;
  }

  /**
   * Sends a mail. SES's later events about it carry the tags.
   *
   * @see https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
   * @returns SES's id of it. @throws MessageRefused when it can never be sent; Throttled, SendingImpossible.
   */
  async sendMail(to: string, mail: Mail, tags: Record<string, string>): Promise<string | undefined> {
    const part = (Data: string) => ({ Data, Charset: 'UTF-8' });
    const body = {
      FromEmailAddress: this.#sender.from,
      Destination: { ToAddresses: [to] },
      Content: {
        Simple: {
          Subject: part(mail.subject),
          Body: { Text: part(mail.text), Html: part(mail.html) },
        },
      },
      ConfigurationSetName: this.#sender.configurationSet,
      EmailTags: Object.entries(tags).map(([Name, Value]) => ({ Name, Value })),
    };
    const { status, headers, text } = await call('ses', '/v2/email/outbound-emails', {
      contentType: 'application/json',
      body: JSON.stringify(body),
    });
    if (status < 300) return /"MessageId"\s*:\s*"([^"]{1,200})"/.exec(text)?.[1];
    const code = headers.get('x-amzn-errortype') ?? /"(?:__type|code)"\s*:\s*"([^"]*)"/.exec(text)?.[1];
    throw refusal('SES', status, code, UNVERIFIED.test(text) ? new Set() : PERMANENT_MAIL);
  }

  /**
   * Sends an SMS, as one that is to arrive rather than to be cheap.
   *
   * @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
   * @param to in E.164. @returns SNS's id of it. @throws as {@link sendMail} does.
   */
  async sendText(to: string, message: string): Promise<string | undefined> {
    const body = new URLSearchParams({
      Action: 'Publish',
      Version: '2010-03-31',
      PhoneNumber: to,
      Message: message,
      'MessageAttributes.entry.1.Name': 'AWS.SNS.SMS.SMSType',
      'MessageAttributes.entry.1.Value.DataType': 'String',
      'MessageAttributes.entry.1.Value.StringValue': 'Transactional',
    });
    const { status, text } = await call('sns', '/', {
      contentType: 'application/x-www-form-urlencoded',
      body: body.toString(),
    });
    if (status < 300) return /<MessageId>([^<]{1,200})<\/MessageId>/.exec(text)?.[1];
    throw refusal('SNS', status, /<Code>([^<]*)<\/Code>/.exec(text)?.[1], PERMANENT_SMS);
  }
}

async function call(
  service: SignedService & ('ses' | 'sns'),
  path: string,
  { contentType, body }: { contentType: string; body: string },
): Promise<{ status: number; headers: Headers; text: string }> {
  const url = new URL(path, serviceUrl(service));
  const request = { service, method: 'POST' as const, url, headers: { 'content-type': contentType }, body };
  const response = await signedFetch(request).catch((error: unknown) => {
    throw unanswered(service.toUpperCase(), error);
  });
  const { status, headers } = response;
  // What was taken is sent, even if the rest of the answer is lost.
  const text = await response.text().catch(() => '');
  return { status, headers, text };
}
