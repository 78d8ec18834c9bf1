import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { AwsError } from '../endpoint/service.ts';
import type { ServiceHandler, ServiceResponse } from '../endpoint/service.ts';
import type { State } from '../journal/state.ts';
import type { JournalWriter } from '../journal/writer.ts';

/** Limits of SNS: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const LONGEST_TEXT = 1_600;
const E164 = /^\+[1-9]\d{1,14}$/;
const SMS_TYPES: ReadonlySet<string> = new Set(['Promotional', 'Transactional']);

const XML_NAMESPACE = 'http://sns.amazonaws.com/doc/2010-03-31/';

/** SNS with text messages: a Publish to a phone number goes to the journal, everything else to `topics`. */
export function withTextMessages(
  topics: ServiceHandler,
  tools: { readonly clock: Clock; readonly journal: JournalWriter & Pick<State, 'durable'> },
): ServiceHandler {
  return async (request) => {
    const call = request.operation === 'Publish' ? new URLSearchParams(request.body.toString()) : undefined;
    if (!call?.has('PhoneNumber')) return topics(request);
    const { number, text, attributes } = readTextMessage(call);
    const id = randomUUID();
    tools.journal.append('messages', {
      id,
      channel: 'sms',
      at: tools.clock.now(),
      recipient: number,
      subject: '',
      text,
      html: '',
      function: request.caller.name,
      outcome: 'sent',
      tags: JSON.stringify(attributes),
      headers: '{}',
    });
    await tools.journal.durable();
    return published(id);
  };
}

/** @throws AwsError as SNS would refuse it. */
function readTextMessage(call: URLSearchParams) {
  const number = call.get('PhoneNumber') ?? '';
  const text = call.get('Message') ?? '';
  const other = ['TopicArn', 'TargetArn', 'MessageStructure'].find((name) => call.has(name));
  if (other !== undefined) {
    throw invalid(`${other} Reason: it can not stand beside PhoneNumber here. Leave one of them out`);
  }
  if (!E164.test(number)) throw invalid(`PhoneNumber Reason: ${number} is not valid to publish to`);
  if (text === '') throw invalid('Empty message');
  if (text.length > LONGEST_TEXT) {
    throw invalid(
      `Message Reason: an SMS may have up to ${LONGEST_TEXT} characters, this one has ${text.length}`,
    );
  }
  const attributes = attributesOf(call);
  const type = attributes['AWS.SNS.SMS.SMSType'];
  if (type !== undefined && !SMS_TYPES.has(type)) {
    throw invalid(`AWS.SNS.SMS.SMSType Reason: it is ${type}, but must be ${[...SMS_TYPES].join(' or ')}`);
  }
  return { number, text, attributes };
}

/** `MessageAttributes.entry.1.Name=…&MessageAttributes.entry.1.Value.StringValue=…` */
function attributesOf(call: URLSearchParams): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (let entry = 1; ; entry += 1) {
    const name = call.get(`MessageAttributes.entry.${entry}.Name`);
    if (name === null) return attributes;
    attributes[name] = call.get(`MessageAttributes.entry.${entry}.Value.StringValue`) ?? '';
  }
}

function published(id: string): ServiceResponse {
  const result = `<PublishResult><MessageId>${id}</MessageId></PublishResult>`;
  const metadata = `<ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata>`;
  return {
    status: 200,
    headers: { 'content-type': 'text/xml' },
    body: `<PublishResponse xmlns="${XML_NAMESPACE}">${result}${metadata}</PublishResponse>`,
  };
}

function invalid(what: string): AwsError {
  return new AwsError('InvalidParameter', `Invalid parameter: ${what}`);
}
