import { fault, type Rule } from './finding.ts';

/**
 * What a stack may consist of. A permission or an opening in a type that no rule reads would be seen by none: an
 * attached policy, an access key, a function's address. So a type stands here once the rules know it.
 */
const RESOURCES: readonly string[] = [
  'aws_apigatewayv2_api',
  'aws_apigatewayv2_authorizer',
  'aws_apigatewayv2_integration',
  'aws_apigatewayv2_route',
  'aws_apigatewayv2_stage',
  'aws_athena_named_query',
  'aws_athena_workgroup',
  'aws_budgets_budget',
  'aws_cloudwatch_dashboard',
  'aws_cloudwatch_event_archive',
  'aws_cloudwatch_event_bus',
  'aws_cloudwatch_event_rule',
  'aws_cloudwatch_event_target',
  'aws_cloudwatch_log_group',
  'aws_cloudwatch_metric_alarm',
  'aws_cloudwatch_query_definition',
  'aws_dynamodb_table',
  'aws_elasticache_replication_group',
  'aws_elasticache_subnet_group',
  'aws_glue_catalog_database',
  'aws_glue_catalog_table',
  'aws_iam_role',
  'aws_iam_role_policy',
  'aws_lambda_alias',
  'aws_lambda_event_source_mapping',
  'aws_lambda_function',
  'aws_lambda_function_event_invoke_config',
  'aws_lambda_permission',
  'aws_opensearch_domain',
  'aws_route_table',
  'aws_route_table_association',
  'aws_s3_bucket',
  'aws_s3_bucket_lifecycle_configuration',
  'aws_s3_bucket_notification',
  'aws_s3_bucket_policy',
  'aws_s3_bucket_public_access_block',
  'aws_s3_bucket_server_side_encryption_configuration',
  'aws_secretsmanager_secret',
  'aws_security_group',
  'aws_sesv2_configuration_set',
  'aws_sesv2_configuration_set_event_destination',
  'aws_sesv2_email_identity',
  'aws_sfn_state_machine',
  'aws_sns_topic',
  'aws_sns_topic_policy',
  'aws_sns_topic_subscription',
  'aws_sqs_queue',
  'aws_sqs_queue_policy',
  'aws_subnet',
  'aws_vpc',
  'aws_vpc_endpoint',
  'aws_vpc_security_group_egress_rule',
  'aws_vpc_security_group_ingress_rule',
];

/** A policy written by a data source would be no text in the stack. */
const DATA_SOURCES: readonly string[] = [
  'aws_availability_zones',
  'aws_caller_identity',
  'aws_dynamodb_table',
];

/** Arguments by which a type says in a second way what the rules read elsewhere, and where that is. */
const SAID_ELSEWHERE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  aws_iam_role: { managed_policy_arns: 'aws_iam_role_policy', inline_policy: 'aws_iam_role_policy' },
  // A rule goes by the role where there is one, and by the policy of what it calls where there is none:
  // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
  aws_cloudwatch_event_target: { role_arn: 'a policy of the queue or the function' },
  aws_security_group: {
    ingress: 'aws_vpc_security_group_ingress_rule',
    egress: 'aws_vpc_security_group_egress_rule',
  },
};

/** The rules see all that a stack allows: there is no type, and no way to say it, that they do not know. */
export const known: Rule = {
  name: 'there is only what the rules know',
  check: (stack) => [
    ...[
      ...stack.resources.filter(({ type }) => !RESOURCES.includes(type)),
      ...stack.dataSources.filter(({ type }) => !DATA_SOURCES.includes(type)),
    ].map((one) =>
      fault(
        one,
        'is of a type that no rule knows',
        'List the type in wholeness/known.ts, with rules for what it allows.',
      ),
    ),
    ...stack.resources.flatMap((one) =>
      Object.entries(SAID_ELSEWHERE[one.type] ?? {})
        .filter(([argument]) => argument in one.arguments)
        .map(([argument, type]) =>
          fault(one, `has ${argument}`, `Say it with ${type}, which the rules read.`),
        ),
    ),
  ],
};
