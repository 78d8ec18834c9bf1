import type { EventContent } from '../bus/event.ts';
import type { ServiceRequest } from '../endpoint/service.ts';
import { InFlight } from '../in-flight.ts';
import { Crashes } from '../journal/crash.fixture.ts';
import type { KeptProcess } from '../journal/crash.fixture.ts';
import { MailService } from './mail-service.ts';
import { CONFIGURATION_SET, NOTIFY } from './mail.fixture.ts';
import { messagesIn } from './outbox.ts';
import { withTextMessages } from './text-messages.ts';

let crashes: Crashes;
beforeEach(() => {
  crashes = new Crashes();
});
afterEach(() => crashes.close());

const BOUNCES = 'bounce@simulator.amazonses.com';

/** Mail and text messages of one process, and the events of SES's that it tells. */
function mailOf({ journal, clock }: KeptProcess) {
  const inFlight = new InFlight();
  const events: EventContent[] = [];
  const mail = new MailService({
    mailIdentities: [{ name: 'example.org', arn: 'arn:of:identity', configurationSet: 'shop' }],
    mailConfigurationSets: [CONFIGURATION_SET],
    ...{ region: 'eu-west-1', accountId: '123456789012', clock, inFlight, journal },
    putEvent: (content) => events.push(content),
  });
  const sms = withTextMessages(() => Promise.reject(new Error('no topics here')), { clock, journal });
  const send = (to: string) => {
    const Content = { Simple: { Subject: { Data: 'Shipped' }, Body: { Text: { Data: 'On its way' } } } };
    const body = { FromEmailAddress: 'shop@example.org', Destination: { ToAddresses: [to] }, Content };
    return mail.handler(request('POST', '/v2/email/outbound-emails', JSON.stringify(body)));
  };
  const text = (to: string) =>
    sms(request('Publish', '/', new URLSearchParams({ PhoneNumber: to, Message: 'On its way' }).toString()));
  const recipients = () =>
    messagesIn(journal, { limit: 10, recipient: undefined, orderId: undefined }).map(
      ({ recipient }) => recipient,
    );
  return { mail, send, text, recipients, events, inFlight, journal };
}

function request(operation: string, url: string, body: string): ServiceRequest {
  return {
    service: 'ses',
    operation,
    method: 'POST',
    url,
    headers: {},
    body: Buffer.from(body),
    caller: NOTIFY,
  };
}

it('a message that was acknowledged is in the outbox after a crash', async () => {
  const first = mailOf(crashes.first());
  await first.send('anna@example.com');
  const { recipients } = mailOf(crashes.crash());
  expect(recipients()).toEqual(['anna@example.com']);

  await mailOf(crashes.crash()).text('+4915112345678');
  expect(mailOf(crashes.crash()).recipients()).toEqual(['+4915112345678', 'anna@example.com']);
});

it('a bounce is told after a crash that came right after the mail, and once only', async () => {
  const first = mailOf(crashes.first());
  const answered = first.send(BOUNCES);
  first.journal.flush();

  const again = mailOf(crashes.crash());
  again.mail.resume();
  await answered;
  await first.inFlight.settled();
  await again.journal.durable();
  const last = mailOf(crashes.crash());
  last.mail.resume();

  expect(again.events).toEqual(first.events);
  expect(again.events).toMatchObject([{ source: 'aws.ses' }]);
  expect(last.events).toEqual([]);
});
