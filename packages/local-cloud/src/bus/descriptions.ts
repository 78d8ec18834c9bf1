import * as z from 'zod';
import type { ServiceRequest } from '../endpoint/service.ts';
import type { RuleTarget } from '../stack/model.ts';
import { DEFAULT_BUS } from './buses.ts';
import type { Buses } from './buses.ts';
import { page, pageMembers, readCall } from './request.ts';
import type { ListedRule, Rules } from './rules.ts';

/** What a target's retry policy is where nothing is said. */
const DEFAULT_POLICY = { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 };

const onBus = { EventBusName: z.string().default(DEFAULT_BUS) };
const prefixed = { NamePrefix: z.string().default('') };
const describeBusCall = z.object({ Name: z.string().default(DEFAULT_BUS) });
const listBusesCall = z.object({ ...prefixed, ...pageMembers });
const ruleCall = z.object({ Name: z.string(), ...onBus });
const listRulesCall = z.object({ ...prefixed, ...onBus, ...pageMembers });
const listTargetsCall = z.object({ Rule: z.string(), ...onBus, ...pageMembers });
const listNamesCall = z.object({ TargetArn: z.string(), ...onBus, ...pageMembers });

export interface DescriptionParts {
  readonly buses: Buses;
  readonly rules: Rules;
  readonly accountId: string;
  /** Epoch milliseconds at which the buses came to be. */
  readonly createdAt: number;
}

/**
 * The calls that tell of buses, rules and targets, and the two that switch a rule on and off.
 *
 * Source: docs.aws.amazon.com/eventbridge/latest/APIReference.
 */
export function describingCalls({ buses, rules, accountId, createdAt }: DescriptionParts) {
  const times = { CreationTime: createdAt / 1000, LastModifiedTime: createdAt / 1000 };
  const rulesOn = (bus: string) => rules.on(buses.existing(bus));
  const ruleIn = (request: ServiceRequest) => {
    const { Name, EventBusName } = readCall(ruleCall, request);
    return rules.named(buses.existing(EventBusName), Name);
  };
  const summary = (rule: ListedRule) => ({
    Name: rule.name,
    Arn: rule.arn,
    ...(rule.pattern !== undefined && { EventPattern: rule.pattern }),
    ...(rule.schedule !== undefined && { ScheduleExpression: rule.schedule }),
    State: rules.isEnabled(rule) ? 'ENABLED' : 'DISABLED',
    EventBusName: rule.busName,
  });
  const enable = (enabled: boolean) => (request: ServiceRequest) => {
    rules.enable(ruleIn(request), enabled);
    return {};
  };
  return {
    DescribeEventBus(request: ServiceRequest) {
      const { name, arn } = buses.existing(readCall(describeBusCall, request).Name);
      return { Name: name, Arn: arn, ...times };
    },
    ListEventBuses(request: ServiceRequest) {
      const { NamePrefix, ...paging } = readCall(listBusesCall, request);
      const { items, ...next } = page(withPrefix(buses.all(), NamePrefix), paging);
      return { EventBuses: items.map(({ name, arn }) => ({ Name: name, Arn: arn, ...times })), ...next };
    },
    DescribeRule: (request: ServiceRequest) => ({ ...summary(ruleIn(request)), CreatedBy: accountId }),
    ListRules(request: ServiceRequest) {
      const { NamePrefix, EventBusName, ...paging } = readCall(listRulesCall, request);
      const { items, ...next } = page(withPrefix(rulesOn(EventBusName), NamePrefix), paging);
      return { Rules: items.map(summary), ...next };
    },
    ListTargetsByRule(request: ServiceRequest) {
      const { Rule, EventBusName, ...paging } = readCall(listTargetsCall, request);
      const { targets } = rules.named(buses.existing(EventBusName), Rule);
      const { items, ...next } = page(targets, paging);
      return { Targets: items.map(describeTarget), ...next };
    },
    ListRuleNamesByTarget(request: ServiceRequest) {
      const { TargetArn, EventBusName, ...paging } = readCall(listNamesCall, request);
      const found = rulesOn(EventBusName).filter(({ targets }) =>
        targets.some(({ arn }) => arn === TargetArn),
      );
      const { items, ...next } = page(found, paging);
      return { RuleNames: items.map(({ name }) => name), ...next };
    },
    EnableRule: enable(true),
    DisableRule: enable(false),
  };
}

function withPrefix<Item extends { readonly name: string }>(items: readonly Item[], prefix: string): Item[] {
  return items.filter(({ name }) => name.startsWith(prefix));
}

/** A target as AWS lists it. A retry policy that is AWS's own is not told. */
function describeTarget(target: RuleTarget) {
  const { id, arn, roleArn, input, inputPath, inputTransformer, deadLetterArn } = target;
  const policy = {
    MaximumRetryAttempts: target.maximumRetryAttempts,
    MaximumEventAgeInSeconds: target.maximumEventAgeSeconds,
  };
  const isDefault =
    policy.MaximumRetryAttempts === DEFAULT_POLICY.MaximumRetryAttempts &&
    policy.MaximumEventAgeInSeconds === DEFAULT_POLICY.MaximumEventAgeInSeconds;
  return {
    Id: id,
    Arn: arn,
    ...(roleArn !== undefined && { RoleArn: roleArn }),
    ...(input !== undefined && { Input: input }),
    ...(inputPath !== undefined && { InputPath: inputPath }),
    ...(inputTransformer && {
      InputTransformer: { InputPathsMap: inputTransformer.paths, InputTemplate: inputTransformer.template },
    }),
    ...(deadLetterArn !== undefined && { DeadLetterConfig: { Arn: deadLetterArn } }),
    ...(!isDefault && { RetryPolicy: policy }),
  };
}
