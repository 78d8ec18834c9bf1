import type { Resource } from './document.ts';
import { fault, type Rule } from './finding.ts';
import type { Stack } from './stack-view.ts';

interface Use {
  /** What makes use of the type: `type`, or `type.argument` where only some arguments do. */
  readonly by: readonly string[];
  readonly remedy: string;
}

const CALLS = [
  'aws_lambda_event_source_mapping.function_name',
  'aws_cloudwatch_event_target.arn',
  'aws_apigatewayv2_integration.integration_uri',
  'aws_sfn_state_machine.definition',
  'aws_sns_topic_subscription.endpoint',
];

/** What each type is for. A resource of which nothing makes such use is missing its other half. */
const USES: Readonly<Record<string, Use>> = {
  aws_iam_role: {
    by: [
      'aws_lambda_function.role',
      'aws_sfn_state_machine.role_arn',
      'aws_apigatewayv2_integration.credentials_arn',
    ],
    remedy: 'Give it to a function or another service.',
  },
  aws_sqs_queue: {
    by: [
      'aws_cloudwatch_event_target.arn',
      'aws_cloudwatch_event_target.dead_letter_config',
      'aws_sqs_queue.redrive_policy',
      'aws_s3_bucket_notification.queue',
      'aws_lambda_event_source_mapping.destination_config',
      'aws_lambda_function_event_invoke_config.destination_config',
      'aws_sns_topic_subscription.endpoint',
    ],
    remedy: 'Let something send to it.',
  },
  aws_sns_topic: {
    by: ['aws_cloudwatch_metric_alarm.alarm_actions', 'aws_budgets_budget.notification'],
    remedy: 'Let an alarm send to it.',
  },
  aws_lambda_function: {
    by: [...CALLS, 'aws_lambda_alias.function_name'],
    remedy: 'Let a mapping, a rule, an API or the workflow call it.',
  },
  aws_lambda_alias: { by: CALLS, remedy: 'Let the callers of the function name the alias.' },
  aws_sfn_state_machine: { by: ['aws_iam_role_policy'], remedy: 'Let a role start its executions.' },
  aws_dynamodb_table: { by: ['aws_iam_role_policy'], remedy: 'Let a role use it.' },
  aws_s3_bucket: { by: ['aws_iam_role_policy'], remedy: 'Let a role use it.' },
  aws_secretsmanager_secret: { by: ['aws_iam_role_policy'], remedy: 'Let a role read it.' },
  aws_cloudwatch_event_bus: { by: ['aws_iam_role_policy'], remedy: 'Let a role put events on it.' },
  aws_cloudwatch_event_rule: { by: ['aws_cloudwatch_event_target'], remedy: 'Give it a target.' },
  aws_cloudwatch_log_group: {
    by: [
      'aws_lambda_function.logging_config',
      'aws_sfn_state_machine.logging_configuration',
      'aws_apigatewayv2_stage.access_log_settings',
    ],
    remedy: 'Name it where it is written to.',
  },
  aws_apigatewayv2_api: { by: ['aws_apigatewayv2_stage'], remedy: 'Give it a stage.' },
  aws_apigatewayv2_integration: { by: ['aws_apigatewayv2_route.target'], remedy: 'Give it a route.' },
  aws_apigatewayv2_authorizer: { by: ['aws_apigatewayv2_route'], remedy: 'Let a route ask it.' },
  aws_security_group: {
    by: [
      'aws_lambda_function',
      'aws_elasticache_replication_group',
      'aws_opensearch_domain',
      'aws_vpc_endpoint',
    ],
    remedy: 'Put something into it.',
  },
  aws_subnet: {
    by: ['aws_lambda_function', 'aws_elasticache_subnet_group', 'aws_opensearch_domain'],
    remedy: 'Put something into it.',
  },
};

/** Everything is there for something: no role that nobody takes, no queue that nobody sends to. */
export const unused: Rule = {
  name: 'everything is used',
  check: (stack) => {
    const users = usersOf(stack);
    return stack.resources.flatMap((one) => {
      const use = USES[one.type];
      if (use === undefined) return [];
      const uses = users.get(one.address) ?? [];
      return uses.some((user) => use.by.includes(user)) ? [] : [fault(one, 'is used by nothing', use.remedy)];
    });
  },
};

/** Who refers to what: by address, the types that do, each alone and with the argument. */
function usersOf(stack: Stack): ReadonlyMap<string, readonly string[]> {
  const users = new Map<string, string[]>();
  for (const { address, type, argument, value } of stack.resources.flatMap(argumentsOf)) {
    for (const used of stack.referredTo(value)) {
      if (used !== address) users.set(used, [...(users.get(used) ?? []), type, `${type}.${argument}`]);
    }
  }
  return users;
}

function argumentsOf({ address, type, arguments: given }: Resource) {
  return Object.entries(given).map(([argument, value]) => ({ address, type, argument, value }));
}
