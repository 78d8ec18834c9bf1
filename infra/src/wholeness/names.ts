import type { Resource } from './document.ts';
import { fault, type Fault, type Rule } from './finding.ts';
import type { Stack } from './stack-view.ts';

interface NameLimit {
  readonly shortest?: number;
  readonly longest: number;
  /** The characters that may stand in it, and where. */
  readonly form: RegExp;
}

const WORD = /^[A-Za-z0-9_-]+$/;
const DOTTED = /^[A-Za-z0-9._-]+$/;
/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const BUCKET = /^(?!.*\.\.)[a-z0-9][a-z0-9.-]*[a-z0-9]$/;
const LOWER_FIRST = /^[a-z][a-z0-9-]*[a-z0-9]$/;

/** What AWS takes for a name, by type. Most stand in the `Create…` page of the service's API reference. */
const NAMES: Readonly<Record<string, NameLimit>> = {
  // https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
  aws_lambda_function: { longest: 64, form: WORD },
  aws_lambda_alias: { longest: 128, form: WORD },
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
  aws_iam_role: { longest: 64, form: /^[\w+=,.@-]+$/ },
  aws_iam_role_policy: { longest: 128, form: /^[\w+=,.@-]+$/ },
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
  aws_dynamodb_table: { shortest: 3, longest: 255, form: DOTTED },
  // https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html
  aws_sfn_state_machine: { longest: 80, form: WORD },
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
  aws_sqs_queue: { longest: 80, form: WORD },
  // https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
  aws_sns_topic: { longest: 256, form: WORD },
  aws_s3_bucket: { shortest: 3, longest: 63, form: BUCKET },
  // https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
  aws_cloudwatch_event_bus: { longest: 256, form: /^[/.\-_A-Za-z0-9]+$/ },
  aws_cloudwatch_event_rule: { longest: 64, form: DOTTED },
  aws_cloudwatch_event_archive: { longest: 48, form: DOTTED },
  // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
  aws_cloudwatch_log_group: { longest: 512, form: /^[.\-_/#A-Za-z0-9]+$/ },
  aws_cloudwatch_query_definition: { longest: 255, form: /^[^:*]+$/ },
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
  aws_cloudwatch_metric_alarm: { longest: 255, form: DOTTED },
  aws_cloudwatch_dashboard: { longest: 255, form: WORD },
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
  aws_apigatewayv2_api: { longest: 128, form: DOTTED },
  aws_apigatewayv2_authorizer: { longest: 128, form: DOTTED },
  // https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_CreateConfigurationSet.html
  aws_sesv2_configuration_set: { longest: 64, form: WORD },
  // https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_CreateDomain.html
  aws_opensearch_domain: { shortest: 3, longest: 28, form: LOWER_FIRST },
  // https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html
  aws_elasticache_replication_group: { longest: 40, form: /^(?!.*--)[a-z][a-z0-9-]*[a-z0-9]$/ },
  aws_elasticache_subnet_group: { longest: 255, form: DOTTED },
  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
  aws_security_group: { longest: 255, form: /^(?!sg-)[A-Za-z0-9 ._:/()#,@[\]+=&;{}!$*-]+$/ },
  aws_glue_catalog_database: { longest: 255, form: /^[a-z0-9_]+$/ },
  aws_athena_workgroup: { longest: 128, form: DOTTED },
  // https://docs.aws.amazon.com/athena/latest/APIReference/API_CreateNamedQuery.html
  aws_athena_named_query: { longest: 128, form: /^.+$/ },
  // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
  aws_secretsmanager_secret: { longest: 512, form: /^[A-Za-z0-9/_+=.@-]+$/ },
  aws_budgets_budget: { longest: 100, form: /^(?!.*\/action\/)[^:\\]+$/ },
};

/** A name is one that AWS takes, as it comes out with the environment before it and the account id in it. */
export const names: Rule = {
  name: 'names stay within the limits of AWS',
  check: (stack) => [...stack.resources.flatMap((one) => nameFaults(stack, one)), ...takenTwice(stack)],
};

function nameFaults(stack: Stack, one: Resource): readonly Fault[] {
  const limit = NAMES[one.type];
  if (limit === undefined) return [];
  const name = stack.nameOf(one);
  const { shortest = 1, longest, form } = limit;
  return name.length >= shortest && name.length <= longest && form.test(name)
    ? []
    : [
        fault(
          one,
          `is called ${JSON.stringify(name)}`,
          `Give it a name of ${shortest} to ${longest} characters like ${form.source}.`,
        ),
      ];
}

/** Of each type that is created by its name, one of that name. */
function takenTwice(stack: Stack): readonly Fault[] {
  const seen = new Set<string>();
  return stack.resources
    .filter(({ type }) => type in NAMES)
    .filter((one) => {
      // The policies of different roles may have one name, and so may the authorizers of different APIs.
      const of = ['role', 'api_id', 'function_name']
        .map((argument) => stack.render(one.arguments[argument]))
        .join();
      const key = `${one.type} ${stack.nameOf(one)} ${one.type === 'aws_lambda_function' ? '' : of}`;
      return seen.size === seen.add(key).size;
    })
    .map((one) => fault(one, `is called ${stack.nameOf(one)}, like another`, 'Give it a name of its own.'));
}
