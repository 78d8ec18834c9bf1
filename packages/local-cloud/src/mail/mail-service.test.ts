import {
  BadRequestException,
  GetAccountCommand,
  MessageRejected,
  NotFoundException,
  SendEmailCommand,
  SESv2Client,
  type SendEmailCommandInput,
} from '@aws-sdk/client-sesv2';
import { CONFIGURATION_SET, MailSetUp, NOTIFY } from './mail.fixture.ts';

const setUp = new MailSetUp();
let client: SESv2Client;
beforeAll(async () => {
  await setUp.open(() => Promise.reject(new Error('no topics here')));
  client = new SESv2Client(setUp.clientConfig);
});
afterAll(async () => {
  client.destroy();
  await setUp.close();
});
beforeEach(() => (setUp.events = []));

const send = (to: string | string[], more: Partial<SendEmailCommandInput> = {}) =>
  client.send(
    new SendEmailCommand({
      FromEmailAddress: 'Shop <shop@example.org>',
      Destination: { ToAddresses: [to].flat() },
      Content: { Simple: { Subject: { Data: 'Shipped' }, Body: { Text: { Data: 'On its way' } } } },
      ConfigurationSetName: 'shop',
      EmailTags: [{ Name: 'orderId', Value: 'o-1' }],
      ...more,
    }),
  );

const kept = (id: string | undefined) => setUp.journal.rows('messages', 'WHERE id = ?', id ?? '')[0]!;

const rejection = (sent: Promise<unknown>) =>
  sent.then(
    () => undefined,
    (error: unknown) => error as Error,
  );

describe('a mail', () => {
  it('is kept with who sent it, to whom and what it says', async () => {
    const { MessageId } = await send(['anna@example.com'], {
      Destination: { ToAddresses: ['anna@example.com'], BccAddresses: ['copy@example.com'] },
    });

    expect(kept(MessageId)).toEqual({
      id: MessageId,
      channel: 'mail',
      at: expect.any(Number),
      recipient: 'anna@example.com, copy@example.com',
      subject: 'Shipped',
      text: 'On its way',
      html: '',
      function: 'notify-customer',
      outcome: 'sent',
      tags: '{"orderId":"o-1"}',
      headers: '{"From":"Shop <shop@example.org>","To":"anna@example.com","Subject":"Shipped"}',
    });
    expect(setUp.events).toEqual([]);
  });

  it.each(['Shop <shop@EXAMPLE.org>', 'shop@mail.example.org', 'News@other.org'])(
    'may be sent from a verified identity: %s',
    async (FromEmailAddress) => {
      await expect(send('anna@example.com', { FromEmailAddress })).resolves.toHaveProperty('MessageId');
    },
  );

  it.each(['shop@other.org', 'shop@badexample.org', 'shop@org.example'])(
    'may not be sent from any other: %s',
    async (FromEmailAddress) => {
      const error = await rejection(send('anna@example.com', { FromEmailAddress }));

      expect(error).toBeInstanceOf(MessageRejected);
      expect(error?.message).toBe(
        `Email address is not verified. The following identities failed the check in region EU-WEST-1: ${FromEmailAddress}`,
      );
    },
  );

  it('needs a configuration set that is there', async () => {
    const error = await rejection(send('anna@example.com', { ConfigurationSetName: 'none' }));

    expect(error).toBeInstanceOf(NotFoundException);
    expect(error?.message).toBe('Configuration set <none> does not exist.');
  });

  it('that is wrong is refused as SES does, and not kept', async () => {
    const before = setUp.journal.rows('messages', '').length;

    const error = await rejection(send('anna'));

    expect(error).toBeInstanceOf(BadRequestException);
    expect(error?.message).toBe("Destination.ToAddresses.0: Missing final '@domain'");
    expect(setUp.journal.rows('messages', '')).toHaveLength(before);
  });

  it('is sent again when it is asked for again: SES knows no idempotency', async () => {
    const [one, two] = [await send('anna@example.com'), await send('anna@example.com')];

    expect(one.MessageId).not.toBe(two.MessageId);
  });
});

describe('the mailbox simulator', () => {
  it.each([
    ['bounce@simulator.amazonses.com', 'bounced', ['Email Bounced']],
    ['Bounce+o-1@Simulator.amazonses.com', 'bounced', ['Email Bounced']],
    ['suppressionlist+x@simulator.amazonses.com', 'bounced', ['Email Bounced']],
    ['complaint+o-1@simulator.amazonses.com', 'complained', ['Email Complaint Received']],
    ['success@simulator.amazonses.com', 'sent', []],
    ['bounce@example.com', 'sent', []],
  ])('%s is accepted and then %s', async (to, outcome, detailTypes) => {
    const { MessageId } = await send(to);
    await setUp.inFlight.settled();

    expect(kept(MessageId).outcome).toBe(outcome);
    expect(setUp.events.map(({ detailType }) => detailType)).toEqual(detailTypes);
  });

  it('answers before it tells of a bounce, and is in flight until then', async () => {
    const call = {
      FromEmailAddress: 'shop@example.org',
      Destination: { ToAddresses: ['bounce@simulator.amazonses.com'] },
      Content: { Simple: { Subject: { Data: 'Shipped' }, Body: { Text: { Data: 'On its way' } } } },
      ConfigurationSetName: 'shop',
    };
    await setUp.handler({
      service: 'ses',
      operation: 'POST',
      method: 'POST',
      url: '/v2/email/outbound-emails',
      headers: {},
      body: Buffer.from(JSON.stringify(call)),
      caller: NOTIFY,
    });
    expect([setUp.events, setUp.inFlight.counts()]).toEqual([[], { mail: 1 }]);

    await setUp.inFlight.settled();
    expect([setUp.events.length, setUp.inFlight.counts()]).toEqual([1, {}]);
  });

  it('goes on, and has settled, where the bus does not take an event', async () => {
    const { putEvent } = setUp;
    const told = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    setUp.putEvent = (content) => {
      if (content.detailType === 'Email Sent') throw new Error('the bus is full');
      putEvent(content);
    };

    await send('bounce@simulator.amazonses.com', { ConfigurationSetName: 'all' });
    await setUp.inFlight.settled();

    expect(setUp.inFlight.counts()).toEqual({});
    expect(setUp.events.map(({ detailType }) => detailType)).toEqual(['Email Bounced']);
    expect(told).toHaveBeenCalledWith('The bus did not take "Email Sent" of a mail: Error: the bus is full');
    setUp.putEvent = putEvent;
    told.mockRestore();
  });

  it('tells of a bounce with the mail, its tags and its recipients', async () => {
    const { MessageId } = await send('bounce@simulator.amazonses.com');
    await setUp.inFlight.settled();

    const [event] = setUp.events;
    expect(event).toMatchObject({ source: 'aws.ses', resources: [CONFIGURATION_SET.arn] });
    expect(JSON.parse(event!.detail)).toEqual(event!.parsedDetail);
    expect(event!.parsedDetail).toEqual({
      eventType: 'Bounce',
      bounce: {
        feedbackId: expect.any(String),
        bounceType: 'Permanent',
        bounceSubType: 'General',
        bouncedRecipients: [
          {
            emailAddress: 'bounce@simulator.amazonses.com',
            action: 'failed',
            status: '5.1.1',
            diagnosticCode: 'smtp; 550 5.1.1 user unknown',
          },
        ],
        timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
        reportingMTA: expect.any(String),
      },
      mail: {
        timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
        source: 'Shop <shop@example.org>',
        sourceArn: 'arn:aws:ses:eu-west-1:123456789012:identity/example.org',
        sendingAccountId: '123456789012',
        messageId: MessageId,
        destination: ['bounce@simulator.amazonses.com'],
        headersTruncated: false,
        headers: [
          { name: 'From', value: 'Shop <shop@example.org>' },
          { name: 'To', value: 'bounce@simulator.amazonses.com' },
          { name: 'Subject', value: 'Shipped' },
        ],
        commonHeaders: {
          from: ['Shop <shop@example.org>'],
          to: ['bounce@simulator.amazonses.com'],
          messageId: MessageId,
          subject: 'Shipped',
        },
        tags: {
          'ses:operation': ['SendEmail'],
          'ses:configuration-set': ['shop'],
          'ses:source-ip': ['127.0.0.1'],
          'ses:from-domain': ['example.org'],
          'ses:caller-identity': ['notify-customer'],
          orderId: ['o-1'],
        },
      },
    });
  });

  it('names only those that complained', async () => {
    await send(['anna@example.com', 'complaint@simulator.amazonses.com']);
    await setUp.inFlight.settled();

    expect(setUp.events[0]?.parsedDetail).toMatchObject({
      eventType: 'Complaint',
      complaint: {
        complainedRecipients: [{ emailAddress: 'complaint@simulator.amazonses.com' }],
        complaintFeedbackType: 'abuse',
      },
    });
  });

  it('says which bounces come from the suppression list', async () => {
    await send('suppressionlist@simulator.amazonses.com');
    await setUp.inFlight.settled();

    expect(setUp.events[0]?.parsedDetail).toMatchObject({
      bounce: { bounceType: 'Permanent', bounceSubType: 'Suppressed' },
    });
  });

  it.each([
    ['quiet', 'shop@example.org', []],
    [undefined, 'shop@example.org', []],
    [undefined, 'news@other.org', ['Email Bounced']],
    ['all', 'shop@example.org', ['Email Sent', 'Email Bounced']],
  ])('with the configuration set %s, from %s, tells of %j', async (ConfigurationSetName, from, told) => {
    await send('bounce@simulator.amazonses.com', { ConfigurationSetName, FromEmailAddress: from });
    await setUp.inFlight.settled();

    expect(setUp.events.map(({ detailType }) => detailType)).toEqual(told);
  });

  it('delivers everything else', async () => {
    await send('anna@example.com', { ConfigurationSetName: 'all' });
    await setUp.inFlight.settled();

    expect(setUp.events.map(({ parsedDetail }) => parsedDetail)).toMatchObject([
      { eventType: 'Send', send: {} },
      { eventType: 'Delivery', delivery: { recipients: ['anna@example.com'] } },
    ]);
  });
});

describe('what the mail service does not do is refused by name', () => {
  it('GetAccount', async () => {
    const error = await rejection(client.send(new GetAccountCommand({})));

    expect(error?.name).toBe('UnknownOperationException');
    expect(error?.message).toMatch(/^GET \/v2\/email\/account is not run here\..*SendEmail/);
  });

  it("the first version's SendEmail", async () => {
    const answer = await fetch(setUp.url, {
      method: 'POST',
      headers: {
        authorization: 'AWS4-HMAC-SHA256 Credential=k/20260101/eu-west-1/ses/aws4_request, Signature=0',
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: 'Action=SendEmail&Version=2010-12-01',
    });

    expect(await answer.text()).toContain("SendEmail (the first version of SES's API) is not run here");
  });
});
