import type { Clock } from '../clock.ts';
import type { InFlight } from '../in-flight.ts';
import type { JournalWriter } from '../journal/writer.ts';
import type { Rule, RuleTarget } from '../stack/model.ts';
import type { BusEvent } from './event.ts';
import type { Outlets } from './outlets.ts';
import { afterFailedTry } from './retry.ts';
import type { GivenUp } from './retry.ts';
import type { Send } from './target.ts';

/** A target and how it is reached. */
export interface Destination {
  readonly rule: Rule;
  readonly target: RuleTarget;
  readonly send: Send;
}

export interface DeliveryTools {
  readonly clock: Clock;
  readonly inFlight: InFlight;
  readonly journal: JournalWriter;
  readonly outlets: Pick<Outlets, 'sendMessage'>;
  /** Between 0 and 1, for the retries' jitter. */
  readonly random: () => number;
}

/**
 * Hands an event to a target until that succeeds or is given up, which makes it a dead letter. In flight all the
 * while, waiting for a retry included.
 */
export async function deliver(
  event: BusEvent,
  destination: Destination,
  tools: DeliveryTools,
): Promise<void> {
  const { rule, target } = destination;
  const leave = tools.inFlight.enter('event');
  const givenUp = await sendUntilDone(event, destination, tools);
  if (givenUp) await sendDeadLetter(event, destination, givenUp, tools);
  const outcome = givenUp?.code ?? 'ok';
  const at = tools.clock.now();
  tools.journal.append('eventDeliveries', {
    event: event.id,
    rule: rule.name,
    target: target.id,
    outcome,
    at,
  });
  leave();
}

interface Tried extends GivenUp {
  readonly retries: number;
}

async function sendUntilDone(
  event: BusEvent,
  { target, send }: Destination,
  { clock, random }: DeliveryTools,
): Promise<Tried | undefined> {
  for (let retries = 0; ; retries++) {
    try {
      await send(event);
      return undefined;
    } catch (error) {
      const tried = { retries, ageMs: clock.now() - event.acceptedAt, random: random() };
      const next = afterFailedTry(error, tried, target);
      if (typeof next !== 'number') return { ...next, retries };
      await clock.sleep(next);
    }
  }
}

/**
 * Keeps the event in the target's dead-letter queue. Without one, or when that does not take it, the event is dropped.
 *
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 */
async function sendDeadLetter(
  event: BusEvent,
  { rule, target }: Destination,
  { code, message, exhausted, retries }: Tried,
  { outlets }: DeliveryTools,
): Promise<void> {
  if (target.deadLetterArn === undefined) return;
  const attributes = {
    RULE_ARN: rule.arn,
    TARGET_ARN: target.arn,
    ERROR_CODE: code,
    ERROR_MESSAGE: message,
    RETRY_ATTEMPTS: String(retries),
    ...(exhausted && { EXHAUSTED_RETRY_CONDITION: exhausted }),
  };
  await outlets.sendMessage(target.deadLetterArn, event.json, attributes).catch(() => undefined);
}
