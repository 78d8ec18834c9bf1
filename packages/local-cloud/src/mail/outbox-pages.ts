import { decodeHeader } from './encoded-word.ts';
import { markup, Markup } from './markup.ts';
import type { OutboxFilter, OutboxMessage } from './outbox.ts';

/** What a page may load, and the mail shown inside it: nothing. Styles are inline, and so are the only pictures shown. */
export const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; base-uri 'none'";

/** The outbox as a page: the newest messages with links to each. */
export function outboxPage(messages: readonly OutboxMessage[], filter: OutboxFilter): string {
  const none = 'Nothing was sent that matches.';
  const rows = messages.map(listed);
  return page(
    'Outbox',
    markup`<h1>Outbox</h1>
<form>
<input type="hidden" name="format" value="html">
<label>Recipient <input name="recipient" value="${filter.recipient ?? ''}"></label>
<label>Order <input name="orderId" value="${filter.orderId ?? ''}"></label>
<button>Show</button>
</form>
${rows.length === 0 ? markup`<p>${none}</p>` : markup`<ul>${rows}</ul>`}`,
  );
}

/** One message as its reader sees it: the headers, the HTML part shut off from everything, the text part. */
export function messagePage(message: OutboxMessage): string {
  const { channel, subject, text, html, tags } = message;
  const facts = Object.entries(factsOf(message)).map(
    ([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>`,
  );
  const labels = Object.entries(tags).map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>`);
  const title = channel === 'sms' ? `SMS to ${message.recipient}` : subject || '(no subject)';
  return page(
    title,
    markup`<p><a href="/_local/outbox?format=html">Outbox</a></p>
<h1>${title}</h1>
<dl>${facts}</dl>
${html === '' ? markup`` : markup`<h2>HTML</h2><iframe sandbox="" title="The mail's HTML part" srcdoc="${html}"></iframe>`}
${text === '' ? markup`` : markup`<h2>Text</h2><pre>${text}</pre>`}
${labels.length === 0 ? markup`` : markup`<h2>Tags</h2><dl>${labels}</dl>`}`,
  );
}

function factsOf({ headers, channel, recipient, at, outcome, function: sender }: OutboxMessage) {
  const decoded = Object.entries(headers).map(([name, value]) => [name, decodeHeader(value)] as const);
  return {
    ...(channel === 'sms' ? { To: recipient } : { ...Object.fromEntries(decoded), Recipients: recipient }),
    Sent: at,
    Outcome: outcome,
    'Sent by': sender,
  };
}

/** How much of an SMS stands for a subject. */
const EXCERPT = 80;

function listed({ id, channel, at, recipient, subject, text, outcome }: OutboxMessage): Markup {
  const title = subject || (text.length > EXCERPT ? `${text.slice(0, EXCERPT)}…` : text) || '(no subject)';
  const link = `/_local/outbox/${encodeURIComponent(id)}?format=html`;
  return markup`<li><a href="${link}">${title}</a>
<span>${channel}</span> <span class="${outcome}">${outcome}</span> to ${recipient}, <time datetime="${at}">${at}</time></li>`;
}

const STYLE = new Markup(`<style>
:root { color-scheme: light dark; --line: light-dark(#d5d9de, #3a3f45); --bad: light-dark(#b3261e, #ff8a80); }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.4rem; } h2 { font-size: 1rem; margin-top: 1.5rem; }
ul { list-style: none; padding: 0; } li { padding: .6rem 0; border-top: 1px solid var(--line); }
li a { display: block; font-weight: 600; }
form { display: flex; flex-wrap: wrap; gap: .5rem 1rem; } input, button { font: inherit; max-width: 100%; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; } dt { opacity: .7; } dd { margin: 0; }
iframe { width: 100%; height: 32rem; resize: vertical; border: 1px solid var(--line); background: #fff; color-scheme: light; }
pre { white-space: pre-wrap; border: 1px solid var(--line); padding: 1rem; margin: 0; }
.bounced, .complained { color: var(--bad); font-weight: 600; }
</style>`);

function page(title: string, content: Markup): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
${STYLE}
</head>
<body>
${content}
</body>
</html>
`.text;
}
