import { UsageError } from './errors.ts';
import type { Session } from './session.ts';

/**
 * Disables those rules of every event bus that are chosen, through EventBridge's own API: without a choice, events are
 * published and reach nobody, and nothing runs by a schedule.
 *
 * @returns how many there are.
 */
export async function disableRules(
  { status }: Pick<Session, 'status'>,
  chosen: (ruleName: string) => boolean = () => true,
): Promise<number> {
  const { EventBuses } = await ask<{ EventBuses: readonly { Name: string }[] }>(status, 'ListEventBuses', {});
  let disabled = 0;
  for (const { Name: EventBusName } of EventBuses) {
    const { Rules } = await ask<{ Rules: readonly { Name: string }[] }>(status, 'ListRules', {
      EventBusName,
    });
    const wanted = Rules.filter(({ Name }) => chosen(Name));
    for (const { Name } of wanted) await ask(status, 'DisableRule', { Name, EventBusName });
    disabled += wanted.length;
  }
  return disabled;
}

async function ask<T>({ endpoint }: Session['status'], operation: string, body: object): Promise<T> {
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: { 'x-amz-target': `AWSEvents.${operation}`, 'content-type': 'application/x-amz-json-1.1' },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  // DisableRule answers with nothing at all.
  if (answer.ok) return (text === '' ? {} : JSON.parse(text)) as T;
  throw new UsageError(`The local cloud answered ${answer.status} to ${operation}: ${text}`, 1);
}
