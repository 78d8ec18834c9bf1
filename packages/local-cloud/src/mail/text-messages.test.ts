import {
  CreateSMSSandboxPhoneNumberCommand,
  InvalidParameterException,
  PublishCommand,
  SNSClient,
} from '@aws-sdk/client-sns';
import type { PublishCommandInput } from '@aws-sdk/client-sns';
import type { ServiceRequest } from '../endpoint/service.ts';
import { MailSetUp } from './mail.fixture.ts';

const setUp = new MailSetUp();
const toTopics: ServiceRequest[] = [];
let client: SNSClient;
beforeAll(async () => {
  await setUp.open(async (request) => {
    toTopics.push(request);
    const body = '<PublishResponse><PublishResult><MessageId>t</MessageId></PublishResult></PublishResponse>';
    return { status: 200, headers: { 'content-type': 'text/xml' }, body };
  });
  client = new SNSClient(setUp.clientConfig);
});
afterAll(async () => {
  client.destroy();
  await setUp.close();
});

const publish = (input: Partial<PublishCommandInput>) =>
  client.send(new PublishCommand({ PhoneNumber: '+4915112345678', Message: 'On its way', ...input }));

describe('a text message', () => {
  it('is kept, with its attributes, and goes to no topic', async () => {
    const { MessageId } = await publish({
      Message: 'Grüße & Küsse',
      MessageAttributes: {
        'AWS.SNS.SMS.SMSType': { DataType: 'String', StringValue: 'Transactional' },
        orderId: { DataType: 'String', StringValue: 'o-1' },
      },
    });

    expect(setUp.journal.rows('messages', 'WHERE id = ?', MessageId ?? '')).toEqual([
      {
        id: MessageId,
        channel: 'sms',
        at: expect.any(Number),
        recipient: '+4915112345678',
        subject: '',
        text: 'Grüße & Küsse',
        html: '',
        function: 'notify-customer',
        outcome: 'sent',
        tags: '{"AWS.SNS.SMS.SMSType":"Transactional","orderId":"o-1"}',
        headers: '{}',
      },
    ]);
    expect(toTopics).toEqual([]);
  });

  it('may have 1,600 characters', async () => {
    await expect(publish({ Message: 'ü'.repeat(1_600) })).resolves.toHaveProperty('MessageId');
  });

  it.each<[Partial<PublishCommandInput>, string]>([
    [{ PhoneNumber: '015112345678' }, 'PhoneNumber Reason: 015112345678 is not valid to publish to'],
    [{ PhoneNumber: '+0151' }, 'PhoneNumber Reason: +0151 is not valid to publish to'],
    [
      { PhoneNumber: `+${'1'.repeat(16)}` },
      `PhoneNumber Reason: +${'1'.repeat(16)} is not valid to publish to`,
    ],
    [{ PhoneNumber: '+49 151' }, 'PhoneNumber Reason: +49 151 is not valid to publish to'],
    [{ Message: '' }, 'Empty message'],
    [
      { Message: 'x'.repeat(1_601) },
      'Message Reason: an SMS may have up to 1600 characters, this one has 1601',
    ],
    [
      { TopicArn: 'arn:aws:sns:eu-west-1:123456789012:news' },
      'TopicArn Reason: it can not stand beside PhoneNumber here. Leave one of them out',
    ],
    [
      { MessageAttributes: { 'AWS.SNS.SMS.SMSType': { DataType: 'String', StringValue: 'Urgent' } } },
      'AWS.SNS.SMS.SMSType Reason: it is Urgent, but must be Promotional or Transactional',
    ],
  ])('%j is refused', async (input, problem) => {
    const error = await publish(input).then(
      () => undefined,
      (thrown: unknown) => thrown as Error,
    );

    expect(error).toBeInstanceOf(InvalidParameterException);
    expect(error?.message).toBe(`Invalid parameter: ${problem}`);
  });
});

describe('everything else of SNS goes to the topics', () => {
  beforeEach(() => (toTopics.length = 0));

  it('what is published to one', async () => {
    const TopicArn = 'arn:aws:sns:eu-west-1:123456789012:news';

    const { MessageId } = await client.send(new PublishCommand({ TopicArn, Message: '&PhoneNumber=+49151' }));

    expect(MessageId).toBe('t');
    expect(toTopics).toHaveLength(1);
  });

  it('other calls about a phone number', async () => {
    const call = new CreateSMSSandboxPhoneNumberCommand({ PhoneNumber: '+4915112345678' });

    await client.send(call).catch(() => undefined);

    expect(toTopics.map(({ operation }) => operation)).toEqual(['CreateSMSSandboxPhoneNumber']);
  });
});
