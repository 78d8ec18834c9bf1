import { AwsError } from '../endpoint/service.ts';
import type { Rule, RuleTarget } from '../stack/model.ts';
import type { BusEvent } from './event.ts';
import { compileInput } from './input.ts';
import { serviceOf } from './outlets.ts';
import type { Outlets } from './outlets.ts';

/** What targets are reached through. */
export type TargetOutlets = Pick<Outlets, 'sendMessage' | 'publish' | 'invokeAsync' | 'startExecution'>;

/** Hands an event on to another bus, as it is. */
export type Forward = (busArn: string, event: BusEvent) => void;

/** Hands one event to one target, once. */
export type Send = (event: BusEvent) => Promise<void>;

/** What of a rule, with a pattern or a schedule, is told with its deliveries. */
export type DeliveringRule = Pick<Rule, 'name' | 'arn' | 'busName'>;

/** Throws AwsError when a rule may not act on a target, with its role or by the target's own policy. */
export type AuthorizeRule = (rule: DeliveringRule, target: Pick<RuleTarget, 'arn' | 'roleArn'>) => void;

/** A target and how it is reached. */
export interface Destination {
  readonly rule: DeliveringRule;
  readonly target: RuleTarget;
  readonly send: Send;
}

/**
 * Compiles how a target of a rule is reached.
 * @throws Error for a target or an input that can't be run, naming the rule.
 */
export function compileTarget(
  rule: DeliveringRule,
  target: RuleTarget,
  outlets: TargetOutlets,
  forward: Forward,
): Send {
  try {
    return sendTo(rule, target, outlets, forward);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Rule ${rule.name}, target ${target.id}: ${reason}.`, { cause });
  }
}

function sendTo(rule: DeliveringRule, target: RuleTarget, outlets: TargetOutlets, forward: Forward): Send {
  const { arn } = target;
  const text = compileInput(rule, target);
  // A template may make lines that are JSON each: a queue and a topic take them, a function and a workflow don't.
  const json = target.inputTransformer ? (event: BusEvent) => checkedJson(text(event)) : text;
  switch (serviceOf(arn)) {
    case 'sqs':
      return (event) => outlets.sendMessage(arn, text(event));
    case 'sns':
      return (event) => outlets.publish(arn, text(event));
    case 'lambda':
      return async (event) => {
        await outlets.invokeAsync(arn, json(event), { kind: 'rule', name: rule.name, trace: event.trace });
      };
    case 'states':
      return async (event) => {
        await outlets.startExecution(arn, undefined, json(event), event.trace);
      };
    case 'events':
      return async (event) => forward(arn, event);
    default:
      throw new Error(`${arn} is no queue, topic, function, state machine or bus`);
  }
}

function checkedJson(text: string): string {
  try {
    JSON.parse(text);
    return text;
  } catch {
    throw new AwsError('InvalidJson', `The input template made no JSON document: ${text}`);
  }
}
