import { Post } from './post.ts';
import { PostServer, type ServerAnswer } from './testing/post-server.ts';

const server = new PostServer();
const post = new Post({ from: 'orders@shop.example', configurationSet: 'shop' });
const MAIL = { subject: 'Grüße', text: 'Hallo', html: '<p>Hallo' };
const TAGS = { orderId: 'order-1', type: 'OrderPlaced' };

beforeAll(() => server.start());
beforeEach(() => {
  server.received.length = 0;
  server.answer = undefined;
});
afterAll(() => server.stop());

it('sends a mail as SES wants it, with the tags by which its returns are known', async () => {
  expect(await post.sendMail('ada@mail.example', MAIL, TAGS)).toBe('mail-1');

  const [{ path, authorization, body }] = server.received as [(typeof server.received)[0]];
  expect(path).toBe('/v2/email/outbound-emails');
  expect(authorization).toContain('/eu-west-1/ses/aws4_request');
  expect(JSON.parse(body)).toEqual({
    FromEmailAddress: 'orders@shop.example',
    Destination: { ToAddresses: ['ada@mail.example'] },
    Content: {
      Simple: {
        Subject: { Data: 'Grüße', Charset: 'UTF-8' },
        Body: {
          Text: { Data: 'Hallo', Charset: 'UTF-8' },
          Html: { Data: '<p>Hallo', Charset: 'UTF-8' },
        },
      },
    },
    ConfigurationSetName: 'shop',
    EmailTags: [
      { Name: 'orderId', Value: 'order-1' },
      { Name: 'type', Value: 'OrderPlaced' },
    ],
  });
});

it('sends an SMS as SNS wants it', async () => {
  expect(await post.sendText('+442079460000', 'The Shop: 100 % & more')).toBe('sms-1');

  const [{ path, authorization, body }] = server.received as [(typeof server.received)[0]];
  expect(path).toBe('/');
  expect(authorization).toContain('/eu-west-1/sns/aws4_request');
  expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
    Action: 'Publish',
    Version: '2010-03-31',
    PhoneNumber: '+442079460000',
    Message: 'The Shop: 100 % & more',
    'MessageAttributes.entry.1.Name': 'AWS.SNS.SMS.SMSType',
    'MessageAttributes.entry.1.Value.DataType': 'String',
    'MessageAttributes.entry.1.Value.StringValue': 'Transactional',
  });
});

it('takes a mail for sent whose answer it cannot read', async () => {
  server.answer = { status: 200, body: 'gone' };

  expect(await post.sendMail('ada@mail.example', MAIL, TAGS)).toBeUndefined();
});

const ses = (status: number, type: string): ServerAnswer => ({
  status,
  headers: { 'x-amzn-errortype': type },
  body: '{"message":"Not for ada@mail.example"}',
});
const sns = (status: number, code: string): ServerAnswer => ({
  status,
  body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>Not for +442079460000</Message></Error></ErrorResponse>`,
});
const mail = () => post.sendMail('ada@mail.example', MAIL, TAGS);
const sms = () => post.sendText('+442079460000', 'Hello');

it.each<[string, ServerAnswer | 'hang-up', () => Promise<unknown>, object]>([
  [
    'a rejected mail',
    ses(400, 'MessageRejected'),
    mail,
    { name: 'MessageRefused', reason: 'MessageRejected' },
  ],
  [
    'a bad address',
    ses(400, 'BadRequestException:http://internal.amazon.com/coral/'),
    mail,
    { name: 'MessageRefused', reason: 'BadRequest' },
  ],
  [
    'a bad address, named in the body',
    { status: 400, body: '{"__type":"com.amazon.ses#BadRequestException"}' },
    mail,
    { name: 'MessageRefused' },
  ],
  ['too many mails', ses(429, 'TooManyRequestsException'), mail, { name: 'Throttled' }],
  ['too many mails a day', ses(400, 'LimitExceededException'), mail, { name: 'Throttled' }],
  ['trouble at SES', ses(503, 'ServiceUnavailable'), mail, { name: 'Throttled' }],
  ['trouble at SES by a name of ours', ses(500, 'MessageRejected'), mail, { name: 'Throttled' }],
  ['a lost connection', 'hang-up', mail, { name: 'Throttled' }],
  ['a suspended account', ses(400, 'AccountSuspendedException'), mail, { name: 'SendingImpossible' }],
  ['paused sending', ses(400, 'SendingPausedException'), mail, { name: 'SendingImpossible' }],
  [
    'a sender nobody verified',
    ses(400, 'MailFromDomainNotVerifiedException'),
    mail,
    { name: 'SendingImpossible' },
  ],
  [
    'a sender that is not verified',
    {
      ...ses(400, 'MessageRejected'),
      body: '{"message":"Email address is not verified. The following identities failed the check in region EU-WEST-1: ada@mail.example"}',
    },
    mail,
    { name: 'SendingImpossible', message: expect.stringContaining('(400 MessageRejected)') },
  ],
  ['a missing configuration set', ses(404, 'NotFoundException'), mail, { name: 'SendingImpossible' }],
  ['a missing permission', ses(403, 'AccessDeniedException'), mail, { name: 'SendingImpossible' }],
  ['a proxy’s page', { status: 418, body: '<html>ada@mail.example' }, mail, { name: 'SendingImpossible' }],
  ['a bad number', sns(400, 'InvalidParameter'), sms, { name: 'MessageRefused', reason: 'InvalidParameter' }],
  ['a number that opted out', sns(400, 'OptedOut'), sms, { name: 'MessageRefused', reason: 'OptedOut' }],
  ['too many SMS', sns(400, 'Throttling'), sms, { name: 'Throttled' }],
  ['too many SMS, by status', sns(429, 'Throttled'), sms, { name: 'Throttled' }],
  ['trouble at SNS', sns(500, 'InternalError'), sms, { name: 'Throttled' }],
  ['a lost connection to SNS', 'hang-up', sms, { name: 'Throttled' }],
  ['a missing permission for SMS', sns(403, 'AuthorizationError'), sms, { name: 'SendingImpossible' }],
])('tells %s apart, and names no recipient', async (_, answer, send, expected) => {
  server.answer = answer;

  const error: unknown = await send().catch((thrown: unknown) => thrown);

  expect(error).toMatchObject(expected);
  expect(error).toHaveProperty('message', expect.not.stringMatching(/ada|\+44/));
});
