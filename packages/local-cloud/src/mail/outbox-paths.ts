import { localJson, type LocalHandler, type LocalResponse } from '../endpoint/local-paths.ts';
import { AwsError } from '../endpoint/service.ts';
import type { Journal } from '../journal/journal.ts';
import { messagesIn, messageWithId, type OutboxFilter } from './outbox.ts';
import { messagePage, outboxPage, PAGE_POLICY } from './outbox-pages.ts';

const LIMIT = 100;
const HIGHEST_LIMIT = 10_000;

/**
 * Answers `/_local/outbox` (a list, `?recipient=`, `?orderId=`, `?limit=`, `?before=<id>`) and `/_local/outbox/<id>` (one message), as
 * JSON or, with `?format=html`, as a page. The JSON list leaves the HTML parts out.
 */
export function outboxPath(journal: Journal): LocalHandler {
  return async ({ path, query }) => {
    const asPage = wantsPage(query);
    if (path !== '/') return one(journal, idIn(path), asPage);
    const filter = filterIn(query);
    const messages = messagesIn(journal, filter);
    if (asPage) return htmlPage(outboxPage(messages, filter));
    return localJson(messages.map((message) => ({ ...message, html: undefined })));
  };
}

function one(journal: Journal, id: string, asPage: boolean): LocalResponse {
  const message = messageWithId(journal, id);
  if (!message) throw new AwsError('NotFound', `There is no message ${id} in the outbox.`, 404);
  return asPage ? htmlPage(messagePage(message)) : localJson(message);
}

/** The id in a path; as it is where it is wrongly encoded, and then nobody's. */
function idIn(path: string): string {
  try {
    return decodeURIComponent(path.slice(1));
  } catch {
    return path.slice(1);
  }
}

function htmlPage(body: string): LocalResponse {
  return {
    contentType: 'text/html; charset=utf-8',
    headers: { 'content-security-policy': PAGE_POLICY, 'x-content-type-options': 'nosniff' },
    body,
  };
}

function wantsPage(query: URLSearchParams): boolean {
  const format = query.get('format') ?? 'json';
  if (format === 'json' || format === 'html') return format === 'html';
  throw new AwsError('ValidationException', `The parameter "format" is ${format}, but must be json or html.`);
}

function filterIn(query: URLSearchParams): OutboxFilter {
  const given = query.get('limit') ?? String(LIMIT);
  const limit = Number(given);
  if (!Number.isInteger(limit) || limit < 1 || limit > HIGHEST_LIMIT) {
    const message = `The parameter "limit" is ${given}, but must be a whole number from 1 to ${HIGHEST_LIMIT}.`;
    throw new AwsError('ValidationException', message);
  }
  return {
    recipient: query.get('recipient') || undefined,
    orderId: query.get('orderId') || undefined,
    before: query.get('before') || undefined,
    limit,
  };
}
