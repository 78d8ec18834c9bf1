import { AwsError } from '../endpoint/service.ts';
import { readMail } from './mail.ts';

const CONTENT = { Subject: { Data: 'Hello' }, Body: { Text: { Data: 'Hi' } } };
const CALL = {
  FromEmailAddress: 'Shop <shop@example.org>',
  Destination: { ToAddresses: ['anna@example.org'] },
  Content: { Simple: CONTENT },
};

const read = (call: unknown) => readMail(Buffer.from(JSON.stringify(call)));

function problemOf(call: unknown): string {
  try {
    read(call);
  } catch (error) {
    if (error instanceof AwsError) return `${error.code} ${error.status}: ${error.message}`;
    throw error;
  }
  throw new Error('it was accepted');
}

it('a mail is read with everything it says', () => {
  const mail = read({
    ...CALL,
    Destination: {
      ToAddresses: ['anna@example.org'],
      CcAddresses: ['Ben <ben@example.org>'],
      BccAddresses: ['c@example.org'],
    },
    ReplyToAddresses: ['help@example.org'],
    Content: {
      Simple: {
        Subject: { Data: 'Grüße', Charset: 'UTF-8' },
        Body: { Text: { Data: 'Hi' }, Html: { Data: '<b>Hü</b>', Charset: 'utf-8' } },
      },
    },
    ConfigurationSetName: 'shop',
    EmailTags: [{ Name: 'orderId', Value: 'o-1' }],
  });

  expect(mail).toMatchObject({
    from: { address: 'shop@example.org' },
    to: [{ address: 'anna@example.org' }],
    cc: [{ text: 'Ben <ben@example.org>', address: 'ben@example.org' }],
    bcc: [{ address: 'c@example.org' }],
    replyTo: [{ address: 'help@example.org' }],
    subject: 'Grüße',
    text: 'Hi',
    html: '<b>Hü</b>',
    configurationSet: 'shop',
    tags: { orderId: 'o-1' },
  });
});

describe('a mail is refused, by the field that is wrong and without its value', () => {
  const simple = (content: object) => ({ ...CALL, Content: { Simple: { ...CONTENT, ...content } } });
  it.each<[call: unknown, problem: string]>([
    [{ ...CALL, FromEmailAddress: undefined }, 'FromEmailAddress must be given, as string'],
    [{ ...CALL, FromEmailAddress: 'shop' }, "FromEmailAddress: Missing final '@domain'"],
    [{ ...CALL, Destination: undefined }, 'Destination must be given, as object'],
    [{ ...CALL, Destination: {} }, 'Destination: must have at least one address'],
    [
      { ...CALL, Destination: { ToAddresses: ['a@example.org', 'b@'] } },
      "Destination.ToAddresses.1: Missing final '@domain'",
    ],
    [
      { ...CALL, Destination: { BccAddresses: ['a@example.org\nTo: b@example.org'] } },
      'Destination.BccAddresses.0: A header value must not contain line breaks',
    ],
    [
      { ...CALL, Destination: { ToAddresses: Array(51).fill('a@example.org') } },
      'Destination: Recipient count exceeds 50.',
    ],
    [{ ...CALL, ReplyToAddresses: ['x'] }, "ReplyToAddresses.0: Missing final '@domain'"],
    [{ ...CALL, Content: undefined }, 'Content must be given, as object'],
    [
      { ...CALL, Content: { Raw: { Data: '' } } },
      'Content.Raw is not supported here. Send it as Content.Simple',
    ],
    [
      { ...CALL, Content: { Simple: CONTENT, Template: {} } },
      'Content.Template is not supported here. Send it as Content.Simple',
    ],
    [simple({ Subject: undefined }), 'Content.Simple.Subject must be given, as object'],
    [
      simple({ Subject: { Data: 'a\r\nBcc: b@example.org' } }),
      'Content.Simple.Subject: A header value must not contain line breaks',
    ],
    [
      simple({ Subject: { Data: 'Grüße' } }),
      'Content.Simple.Subject.Charset: must be set for text beyond ASCII. Set it to UTF-8',
    ],
    [
      simple({ Body: { Text: { Data: 'x', Charset: 'klingon' } } }),
      'Content.Simple.Body.Text.Charset: is no character set',
    ],
    [simple({ Body: {} }), 'Content.Simple.Body: must have Text or Html'],
    [simple({ Attachments: [] }), 'Content.Simple.Attachments is not supported here. Leave it out'],
    [
      { ...CALL, EmailTags: [{ Name: 'order id', Value: '1' }] },
      'EmailTags.0.Name: must be 1 to 256 of the ASCII letters, digits, _ and -',
    ],
    [
      {
        ...CALL,
        EmailTags: [
          { Name: 'a', Value: '1' },
          { Name: 'a', Value: '2' },
        ],
      },
      'EmailTags: there are two tags named a',
    ],
    [{ ...CALL, TenantName: 't' }, 'TenantName is not supported here. Leave it out'],
    [{ ...CALL, Destiny: {} }, 'Destiny is not supported here. Leave it out'],
  ])('%j', (call, problem) => {
    expect(problemOf(call)).toBe(`BadRequestException 400: ${problem}`);
  });

  it('that is not JSON', () => {
    expect(() => readMail(Buffer.from('{'))).toThrow('The request is not JSON.');
  });
});
