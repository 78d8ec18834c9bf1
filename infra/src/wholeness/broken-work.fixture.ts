import { broken, type Breakage, type Draft } from './broken.fixture.ts';

const dangles = broken('references resolve');
const isUnused = broken('everything is used');
const lacks = broken('functions have a role and a log');
const isTold = broken('functions may use what they are told of');

const OPS = 'aws_lambda_function.staff_ops-api_function';
const ops = (stack: Draft) => stack.at('aws_lambda_function', 'staff_ops-api_function');
const CLOSE_ORDER = 'aws_lambda_function.stages_close-order_function';
const ALLOWED_NOTHING = [
  `${CLOSE_ORDER}: its role may not write to /aws/lambda/orderstream-local-close-order`,
  `${CLOSE_ORDER}: its role may not send traces`,
  `${CLOSE_ORDER}: ORDERS_TABLE names aws_dynamodb_table.tables_orders_table, which its role may not use`,
];

/** Ways in which resources, functions and roles do not fit together. */
export const BROKEN_WORK: readonly Breakage[] = [
  dangles(
    'a reference leads nowhere',
    (stack) => {
      stack.at('aws_cloudwatch_event_archive', 'event-archive')['event_source_arn'] =
        '${aws_cloudwatch_event_bus.gone.arn}';
    },
    'aws_cloudwatch_event_archive.event-archive: refers to aws_cloudwatch_event_bus.gone, which is not in the stack',
  ),
  dangles(
    'something is left for Terraform to work out',
    (stack) => {
      stack.at('aws_vpc', 'network_vpc')['tags'] = { Name: '${lower("SHOP")}' };
    },
    'aws_vpc.network_vpc: ${lower("SHOP")} is left to be worked out',
  ),
  dangles(
    'something waits for what is not there',
    (stack) => {
      stack.at('aws_vpc', 'network_vpc')['depends_on'] = ['aws_sqs_queue.gone'];
    },
    'aws_vpc.network_vpc: refers to aws_sqs_queue.gone, which is not in the stack',
  ),
  broken('nothing depends on itself')(
    'two resources wait for each other',
    (stack) => {
      stack.add('aws_glue_catalog_table', 'one', { depends_on: ['aws_glue_catalog_table.two'] });
      stack.add('aws_glue_catalog_table', 'two', { depends_on: ['aws_glue_catalog_table.one'] });
    },
    'aws_glue_catalog_table.one: needs itself, or something that does',
    'aws_glue_catalog_table.two: needs itself, or something that does',
  ),

  isUnused(
    'nothing takes a role',
    (stack) =>
      stack.add('aws_iam_role', 'spare', {
        ...stack.at('aws_iam_role', 'staff_ops-api_role'),
        name: 'spare',
      }),
    'aws_iam_role.spare: is used by nothing',
  ),
  isUnused(
    'nothing sends to a queue that something reads',
    (stack) => {
      stack.add('aws_sqs_queue', 'spare', { name: 'spare', sqs_managed_sse_enabled: true });
      const { variables } = { variables: {}, ...Object(ops(stack)['environment']) };
      ops(stack)['environment'] = { variables: { ...variables, QUEUE: '${aws_sqs_queue.spare.url}' } };
      stack.allow('staff_ops-api_role_policy', {
        Action: ['sqs:ReceiveMessage'],
        Resource: ['${aws_sqs_queue.spare.arn}'],
      });
    },
    'aws_sqs_queue.spare: is used by nothing',
  ),
  isUnused(
    'a rule has no target',
    (stack) => stack.remove('aws_cloudwatch_event_target', 'consumers_notify-customer_returns-target'),
    'aws_cloudwatch_event_rule.consumers_notify-customer_returns: is used by nothing',
  ),
  isUnused(
    'nobody calls an alias',
    (stack) =>
      stack.add('aws_lambda_alias', 'old', {
        ...stack.at('aws_lambda_alias', 'staff_ops-api_live'),
        name: 'old',
      }),
    'aws_lambda_alias.old: is used by nothing',
  ),

  lacks(
    'a function has a role from elsewhere',
    (stack) => {
      stack.at('aws_lambda_function', 'stages_close-order_function')['role'] =
        'arn:aws:iam::123456789012:role/other';
    },
    `${CLOSE_ORDER}: role is arn:aws:iam::123456789012:role/other`,
    'aws_iam_role.stages_close-order_role: is used by nothing',
    ...ALLOWED_NOTHING,
  ),
  lacks(
    "a function's role allows nothing",
    (stack) => stack.remove('aws_iam_role_policy', 'stages_close-order_role_policy'),
    `${CLOSE_ORDER}: aws_iam_role.stages_close-order_role allows nothing`,
    `${CLOSE_ORDER}: refers to aws_iam_role_policy.stages_close-order_role_policy, which is not in the stack`,
    ...ALLOWED_NOTHING,
  ),
  lacks(
    'Lambda may not take the role of a function',
    (stack) =>
      stack.statements(['aws_iam_role', 'staff_ops-api_role', 'assume_role_policy'], (all) =>
        all.map((one) => ({
          ...one,
          Principal: { Service: 'states.amazonaws.com' },
          Condition: {
            StringEquals: { 'aws:SourceAccount': '123456789012' },
            ArnLike: { 'aws:SourceArn': stack.reference('aws_sfn_state_machine', 'workflow_machine', 'arn') },
          },
        })),
      ),
    `${OPS}: Lambda may not take aws_iam_role.staff_ops-api_role`,
  ),
  lacks(
    'a function may be there before its permissions',
    (stack) => {
      ops(stack)['depends_on'] = [];
    },
    `${OPS}: may be created before aws_iam_role_policy.staff_ops-api_role_policy`,
  ),
  lacks(
    'a log group has another name than its function',
    (stack) => {
      stack.at('aws_cloudwatch_log_group', 'staff_ops-api_logs')['name'] = '/aws/lambda/ops-api';
    },
    `${OPS}: there is no log group /aws/lambda/orderstream-local-ops-api`,
  ),
  lacks(
    'a function does not name its log group',
    (stack) => {
      ops(stack)['logging_config'] = { log_format: 'Text' };
    },
    `${OPS}: logging_config does not name its log group, in JSON`,
    'aws_cloudwatch_log_group.staff_ops-api_logs: is used by nothing',
  ),
  lacks(
    'a function may not write its log',
    (stack) => stack.forbid('staff_ops-api_role_policy', 'logs:PutLogEvents'),
    `${OPS}: its role may not write to /aws/lambda/orderstream-local-ops-api`,
  ),
  lacks(
    'a function is not traced',
    (stack) => {
      ops(stack)['tracing_config'] = { mode: 'PassThrough' };
    },
    `${OPS}: is not traced`,
  ),
  lacks(
    'a function may not send traces',
    (stack) => stack.forbid('staff_ops-api_role_policy', 'xray:PutTraceSegments'),
    `${OPS}: its role may not send traces`,
  ),

  isTold(
    'a function is told of what its role may not use',
    (stack) => {
      const environment = { ...Object(ops(stack)['environment']) };
      ops(stack)['environment'] = {
        variables: { ...environment.variables, EVENT_BUS: '${aws_cloudwatch_event_bus.bus.name}' },
      };
    },
    `${OPS}: EVENT_BUS names aws_cloudwatch_event_bus.bus, which its role may not use`,
  ),
];
