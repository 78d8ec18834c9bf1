import type { Clock } from '../clock.ts';
import type { InFlight } from '../in-flight.ts';
import type { JournalWriter } from '../journal/writer.ts';
import type { BusEvent } from './event.ts';
import type { OnTheirWay } from './on-their-way.ts';
import type { Outlets } from './outlets.ts';
import { afterFailedTry } from './retry.ts';
import type { GivenUp } from './retry.ts';
import type { AuthorizeRule, Destination } from './target.ts';

/** Characters of an error message that a dead letter tells. */
const LONGEST_MESSAGE = 1_024;

export interface DeliveryTools {
  readonly clock: Clock;
  readonly inFlight: InFlight;
  readonly journal: JournalWriter;
  readonly outlets: Pick<Outlets, 'sendMessage'>;
  readonly authorize?: AuthorizeRule | undefined;
  readonly onTheirWay: Pick<OnTheirWay, 'enter'>;
  /** Set when the cloud ends: what fails from then on counts as not tried, and is delivered by the next process. */
  readonly ended: AbortSignal;
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
  const done = tools.onTheirWay.enter(event);
  const givenUp = await sendUntilDone(event, destination, tools);
  if (givenUp && tools.ended.aborted) return leave();
  if (givenUp) await sendDeadLetter(event, destination, givenUp, tools);
  tools.journal.append('eventDeliveries', {
    event: event.id,
    bus: rule.busName,
    rule: rule.name,
    target: target.id,
    replay: event.replay,
    outcome: givenUp?.code ?? 'ok',
    at: tools.clock.now(),
  });
  done();
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
  { outlets, authorize }: DeliveryTools,
): Promise<void> {
  if (target.deadLetterArn === undefined) return;
  const attributes = {
    RULE_ARN: rule.arn,
    TARGET_ARN: target.arn,
    ERROR_CODE: code,
    ERROR_MESSAGE: message.slice(0, LONGEST_MESSAGE) || code,
    RETRY_ATTEMPTS: String(retries),
    ...(exhausted && { EXHAUSTED_RETRY_CONDITION: exhausted }),
  };
  try {
    authorize?.(rule, { arn: target.deadLetterArn });
    await outlets.sendMessage(target.deadLetterArn, event.json, attributes);
  } catch {
    // The event is lost, as it is on AWS.
  }
}
