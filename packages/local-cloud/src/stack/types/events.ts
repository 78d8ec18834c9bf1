import * as z from 'zod';
import { DEFAULT_BUS } from '../../bus/buses.ts';
import { compileInput } from '../../bus/input.ts';
import { compilePattern } from '../../bus/pattern.ts';
import { compileSchedule } from '../../bus/schedule-expression.ts';
import { args, block, flag, inert, jsonText, refused, text, whole } from '../arguments.ts';
import { arn } from '../arns.ts';
import type { Draft } from '../draft.ts';
import type { Archive, Rule, RuleTarget, Schedule } from '../model.ts';
import { resourceType } from '../resource-type.ts';
import { requireArn } from '../require.ts';

/** Targets that one rule may have. */
const MOST_TARGETS = 5;

/** Letters, digits and . - _, as many as `max`. */
const name = (max: number) => {
  const allowed = new RegExp(`^[.\\-_A-Za-z0-9]{1,${max}}$`);
  return text.refine((name) => allowed.test(name), {
    error: `must be 1 to ${max} letters, digits and . - _`,
  });
};

/** Has up to `max` characters, and at least one. */
const upTo = <Field extends z.ZodType<string>>(max: number, field: Field) =>
  field.refine(({ length }) => length > 0 && length <= max, { error: `must have 1 to ${max} characters` });

/** A pattern that EventBridge takes. */
const eventPattern = z.string().superRefine((pattern, context) => {
  const reason = reasonAgainst(() => compilePattern(pattern));
  if (reason !== undefined)
    context.addIssue({ code: 'custom', message: `Event pattern is not valid. Reason: ${reason}` });
});

/** A schedule that EventBridge takes. */
const scheduleExpression = text.superRefine((expression, context) => {
  const message = reasonAgainst(() => compileSchedule(expression));
  if (message !== undefined) context.addIssue({ code: 'custom', message });
});

const bus = resourceType({
  type: 'aws_cloudwatch_event_bus',
  schema: args({
    name: text,
    description: inert('it is for people'),
    log_config: inert('events are read from the journal'),
  }),
  attributes: ({ name }, place) => ({ id: name, arn: arn('events', `event-bus/${name}`, place) }),
  contribute: ({ args, attributes }, draft) => draft.buses.push({ name: args.name, arn: attributes.arn }),
});

/** A bus may be given by its name or by its ARN. */
const nameOfBus = (reference: string) => reference.replace(/^arn:.*:event-bus\//, '');
const busName = text.default(DEFAULT_BUS).transform(nameOfBus);

const rule = resourceType({
  type: 'aws_cloudwatch_event_rule',
  schema: args({
    name: name(64),
    event_bus_name: busName,
    event_pattern: eventPattern.optional(),
    schedule_expression: scheduleExpression.optional(),
    state: z.enum(['ENABLED', 'DISABLED']).optional(),
    is_enabled: flag.default(true),
    description: inert('it is for people'),
    force_destroy: inert('rules are not deleted here'),
  }).refine((rule) => rule.event_pattern !== undefined || rule.schedule_expression !== undefined, {
    path: ['event_pattern'],
    error: 'this or "schedule_expression" must be set',
  }),
  attributes({ name, event_bus_name }, place) {
    const path = event_bus_name === DEFAULT_BUS ? name : `${event_bus_name}/${name}`;
    return { id: path, arn: arn('events', `rule/${path}`, place) };
  },
  contribute({ address, args, attributes }, draft) {
    draft.rules.push({
      address,
      name: args.name,
      arn: attributes.arn,
      busName: args.event_bus_name,
      enabled: args.state === undefined ? args.is_enabled : args.state === 'ENABLED',
      pattern: args.event_pattern,
      scheduleExpression: args.schedule_expression,
    });
  },
});

const target = resourceType({
  type: 'aws_cloudwatch_event_target',
  schema: args({
    rule: text,
    event_bus_name: busName,
    arn: text,
    target_id: name(64).optional(),
    role_arn: text.optional(),
    input: upTo(8192, jsonText).optional(),
    input_path: upTo(256, text).optional(),
    input_transformer: block({
      input_paths: z.record(z.string(), upTo(256, text)).default({}),
      input_template: upTo(8192, text),
    }),
    retry_policy: block({
      maximum_retry_attempts: whole(0, 185).optional(),
      maximum_event_age_in_seconds: whole(60, 86_400).optional(),
    }),
    dead_letter_config: block({ arn: text }),
    sqs_target: refused('Send to a standard queue: a FIFO queue is no target here'),
    force_destroy: inert('targets are not deleted here'),
  })
    .refine(
      ({ input, input_path, input_transformer }) =>
        [input, input_path, input_transformer].filter((given) => given !== undefined).length <= 1,
      {
        path: ['input'],
        error: 'stands beside "input_path" or "input_transformer", or those two beside each other. Keep one',
      },
    )
    .superRefine((target, context) => {
      const reason = reasonAgainst(() => compileInput({ name: '', arn: '' }, inputOf(target)));
      const argument = target.input_path === undefined ? 'input_transformer' : 'input_path';
      if (reason !== undefined) context.addIssue({ code: 'custom', path: [argument], message: reason });
    }),
  attributes: (_args, _place, address) => ({ id: address }),
  contribute({ address, label, args }, draft) {
    const target: RuleTarget = {
      id: args.target_id ?? label,
      arn: args.arn,
      ...(args.dead_letter_config && { deadLetterArn: args.dead_letter_config.arn }),
      maximumRetryAttempts: args.retry_policy?.maximum_retry_attempts ?? 185,
      maximumEventAgeSeconds: args.retry_policy?.maximum_event_age_in_seconds ?? 86_400,
      ...(args.role_arn !== undefined && { roleArn: args.role_arn }),
      ...inputOf(args),
    };
    draft.targets.push({ address, ruleName: args.rule, busName: args.event_bus_name, target });
  },
});

interface InputArguments {
  readonly input?: string | undefined;
  readonly input_path?: string | undefined;
  readonly input_transformer?:
    { readonly input_paths: Record<string, string>; readonly input_template: string } | undefined;
}

function inputOf({ input, input_path, input_transformer: transformer }: InputArguments) {
  return {
    ...(input !== undefined && { input }),
    ...(input_path !== undefined && { inputPath: input_path }),
    ...(transformer && {
      inputTransformer: { paths: transformer.input_paths, template: transformer.input_template },
    }),
  };
}

/** What a check has against a text; undefined when it has nothing. */
function reasonAgainst(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const archive = resourceType({
  type: 'aws_cloudwatch_event_archive',
  schema: args({
    name: name(48),
    event_source_arn: text,
    event_pattern: eventPattern.optional(),
    retention_days: whole(0, 36_500).default(0),
    description: inert('it is for people'),
    kms_key_identifier: inert('events are not encrypted here'),
  }),
  attributes: ({ name }, place) => ({ id: name, arn: arn('events', `archive/${name}`, place) }),
  contribute({ address, args, attributes }, draft) {
    draft.archives.push({
      address,
      name: args.name,
      arn: attributes.arn,
      busName: nameOfBus(args.event_source_arn),
      busArn: args.event_source_arn,
      ...(args.event_pattern !== undefined && { pattern: args.event_pattern }),
      retentionDays: args.retention_days,
    });
  },
});

export const eventTypes = [bus, rule, target, archive];

/** The archives, each of a bus that is there. */
export function linkArchives(draft: Draft, problems: string[]): readonly Archive[] {
  return draft.archives.map(({ address, ...archive }) => {
    const source = { address, argument: 'event_source_arn', arn: archive.busArn };
    if (!archive.busArn.endsWith(`:event-bus/${DEFAULT_BUS}`)) requireArn(draft, ['buses'], source, problems);
    return archive;
  });
}

/** Rules and schedules with their targets. */
export function linkRules(draft: Draft, problems: string[]): { rules: Rule[]; schedules: Schedule[] } {
  const rules: Rule[] = [];
  const schedules: Schedule[] = [];
  const buses = new Set([DEFAULT_BUS, ...draft.buses.map(({ name }) => name)]);
  for (const { address, pattern, scheduleExpression, ...rest } of draft.rules) {
    if (!buses.has(rest.busName)) problems.push(`${address}: bus "${rest.busName}" is not in this stack`);
    if (scheduleExpression !== undefined && rest.busName !== DEFAULT_BUS) {
      problems.push(`${address}: argument "schedule_expression" works on the default bus only`);
    }
    const targets = draft.targets
      .filter(({ ruleName, busName }) => ruleName === rest.name && busName === rest.busName)
      .map(({ target }) => target);
    if (pattern !== undefined) rules.push({ ...rest, pattern, targets });
    if (scheduleExpression !== undefined)
      schedules.push({ ...rest, expression: scheduleExpression, targets });
  }
  for (const target of draft.targets) checkTarget(target, draft, problems);
  return { rules, schedules };
}

/** Reports what EventBridge would refuse between a target, its rule and the rule's other targets. */
function checkTarget(
  { address, ruleName, busName, target }: Draft['targets'][number],
  draft: Draft,
  problems: string[],
): void {
  const rule = `rule "${ruleName}" on bus "${busName}"`;
  if (!draft.rules.some((rule) => rule.name === ruleName && rule.busName === busName)) {
    problems.push(`${address}: ${rule} is not in this stack`);
  }
  const siblings = draft.targets.filter((other) => other.ruleName === ruleName && other.busName === busName);
  if (siblings.findIndex((other) => other.address === address) === MOST_TARGETS) {
    problems.push(`${address}: ${rule} has ${siblings.length} targets: ${MOST_TARGETS} is the most`);
  }
  const same = siblings.find((other) => other.target.id === target.id);
  if (same && same.address !== address) {
    problems.push(`${address}: ${same.address} has the target id "${target.id}", too. Give each its own`);
  }
  const reached = { address, argument: 'arn', arn: target.arn };
  requireArn(draft, ['functions', 'queues', 'topics', 'stateMachines', 'buses'], reached, problems);
  const deadLetters = { address, argument: 'dead_letter_config', arn: target.deadLetterArn };
  requireArn(draft, ['queues'], deadLetters, problems);
  for (const { argument, arn } of [reached, deadLetters]) {
    if (!arn?.endsWith('.fifo')) continue;
    problems.push(`${address}: argument "${argument}" is a FIFO queue or topic. Give a standard one`);
  }
}
