import type { JournalRows } from '../journal/rows.ts';
import { MailSetUp } from './mail.fixture.ts';
import type { OutboxMessage } from './outbox.ts';

const setUp = new MailSetUp();
beforeAll(() => setUp.open(() => Promise.reject(new Error('no topics here'))));
afterAll(() => setUp.close());

let sent = 0;
function keep(message: Partial<JournalRows['messages']>): void {
  sent += 1;
  setUp.journal.append('messages', {
    id: `m-${sent}`,
    channel: 'mail',
    at: Date.UTC(2026, 0, 1, 0, 0, sent),
    recipient: 'anna@example.com',
    subject: 'Shipped',
    text: 'On its way',
    html: '<b>On its way</b>',
    function: 'notify-customer',
    outcome: 'sent',
    tags: '{}',
    headers: '{}',
    ...message,
  });
}

const get = (path: string) => fetch(`${setUp.url}/_local/outbox${path}`);
const list = async (query: string) => JSON.parse(await (await get(query)).text()) as OutboxMessage[];
const ids = async (query: string) => (await list(query)).map(({ id }) => id);
const refusal = async (path: string) => {
  const answer = await get(path);
  return [answer.status, (JSON.parse(await answer.text()) as { message: string }).message];
};

describe('the outbox', () => {
  beforeAll(() => {
    keep({ recipient: 'anna@example.com, Ben@example.com', tags: '{"orderId":"o-1"}' });
    keep({ recipient: 'joanna@example.com', tags: '{"orderId":"o-10"}', subject: 'Your order o-10' });
    keep({ channel: 'sms', recipient: '+49151', subject: '', text: 'Order o-1: on its way', html: '' });
  });

  it('lists what was sent, newest first, without the HTML parts', async () => {
    const messages = await list('');

    expect(messages.map(({ id }) => id)).toEqual(['m-3', 'm-2', 'm-1']);
    expect(messages[2]).toEqual({
      id: 'm-1',
      channel: 'mail',
      at: '2026-01-01T00:00:01.000Z',
      recipient: 'anna@example.com, Ben@example.com',
      subject: 'Shipped',
      text: 'On its way',
      function: 'notify-customer',
      outcome: 'sent',
      tags: { orderId: 'o-1' },
      headers: {},
    });
  });

  it.each([
    ['?recipient=anna@example.com', ['m-1']],
    ['?recipient=ben@EXAMPLE.com', ['m-1']],
    ['?recipient=example.com', []],
    ['?recipient=%2B49151', ['m-3']],
    ['?orderId=o-1', ['m-3', 'm-1']],
    ['?orderId=o-10', ['m-2']],
    ['?orderId=o-1&recipient=anna@example.com', ['m-1']],
    ['?orderId=%25', []],
    ['?limit=2', ['m-3', 'm-2']],
    ['?limit=1&orderId=o-1', ['m-3']],
    ['?before=m-3&limit=1', ['m-2']],
    ['?before=m-1', []],
    ['?before=m-9', []],
  ])('finds by %s', async (query, found) => {
    expect(await ids(query)).toEqual(found);
  });

  it('gives one message whole', async () => {
    expect(await (await get('/m-1')).json()).toMatchObject({ id: 'm-1', html: '<b>On its way</b>' });
  });

  it.each([
    ['?limit=0', [400, 'The parameter "limit" is 0, but must be a whole number from 1 to 10000.']],
    ['?limit=ten', [400, 'The parameter "limit" is ten, but must be a whole number from 1 to 10000.']],
    ['?format=xml', [400, 'The parameter "format" is xml, but must be json or html.']],
    ['/%zz', [404, 'There is no message %zz in the outbox.']],
    ['/m-9', [404, 'There is no message m-9 in the outbox.']],
  ])('refuses %s', async (path, refused) => {
    expect(await refusal(path)).toEqual(refused);
  });
});

describe('the pages', () => {
  const page = async (path: string) => {
    const answer = await get(path);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none'; /);
    return answer.text();
  };
  const EVIL = '"><script>alert(1)</script>';
  const ESCAPED = '&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;';

  it('list every message with a link to it', async () => {
    const html = await page('?format=html');

    expect(html).toContain('<a href="/_local/outbox/m-1?format=html">Shipped</a>');
    expect(html).toContain('<a href="/_local/outbox/m-3?format=html">Order o-1: on its way</a>');
  });

  it('say when nothing matches', async () => {
    expect(await page('?format=html&recipient=nobody')).toContain('Nothing was sent that matches.');
  });

  it('show a mail with its headers, its HTML part shut off, and its text', async () => {
    keep({
      id: 'shown',
      html: '<p title="x">Hi</p><script>alert(1)</script>',
      text: 'Hi <Anna>',
      tags: '{"orderId":"o-7"}',
      headers: '{"From":"=?UTF-8?B?TMOkZGNoZW4=?= <shop@example.org>","Reply-To":"help@example.org"}',
    });

    const html = await page('/shown?format=html');

    expect(html).toContain('<dt>From</dt><dd>Lädchen &lt;shop@example.org&gt;</dd>');
    expect(html).toContain('<dt>Reply-To</dt><dd>help@example.org</dd>');
    expect(html).toContain(
      '<iframe sandbox="" title="The mail\'s HTML part" ' +
        'srcdoc="&lt;p title=&quot;x&quot;&gt;Hi&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;"></iframe>',
    );
    expect(html).toContain('<pre>Hi &lt;Anna&gt;</pre>');
    expect(html).toContain('<dt>orderId</dt><dd>o-7</dd>');
    expect(html).not.toContain('<script');
  });

  it('show an SMS', async () => {
    const html = await page('/m-3?format=html');

    expect(html).toContain('<h1>SMS to +49151</h1>');
    expect(html).not.toContain('<iframe');
  });

  it.each(['recipient', 'subject', 'text', 'html', 'function', 'outcome', 'id'] as const)(
    'escape the %s',
    async (field) => {
      keep({ id: `evil-${field}`, [field]: EVIL });
      const id = field === 'id' ? encodeURIComponent(EVIL) : `evil-${field}`;

      const pages = [await page('?format=html'), await page(`/${id}?format=html`)];

      expect(pages.join('')).not.toContain('<script');
      if (field !== 'id') expect(pages[1]).toContain(ESCAPED);
    },
  );

  it.each(['tags', 'headers'])('escape names and values of %s', async (field) => {
    keep({ id: `evil-${field}`, [field]: JSON.stringify({ [EVIL]: EVIL }) });

    const html = await page(`/evil-${field}?format=html`);

    expect(html).toContain(`<dt>${ESCAPED}</dt><dd>${ESCAPED}</dd>`);
    expect(html).not.toContain('<script');
  });

  it('escape what was searched for', async () => {
    const html = await page(`?format=html&orderId=${encodeURIComponent(EVIL)}`);

    expect(html).toContain(`name="orderId" value="${ESCAPED}"`);
    expect(html).not.toContain('<script');
  });

  it('load nothing from elsewhere', async () => {
    expect((await page('?format=html')) + (await page('/shown?format=html'))).not.toMatch(
      /https?:|src="|@import|url\(/,
    );
  });
});
