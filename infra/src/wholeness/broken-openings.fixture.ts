import { broken, type Breakage } from './broken.fixture.ts';

const isUnknown = broken('there is only what the rules know');
const names = broken('policies name what they allow');
const demands = broken('conditions demand what they name');
const letsIn = broken('security groups let one another in');
const isUnsafe = broken('what is stored is safe, and logs end');

const WORKFLOW = 'aws_iam_role.workflow_role';
const ADMINISTRATOR = 'arn:aws:iam::aws:policy/AdministratorAccess';

/** Lets ship-order do something more, to something that is not quite one of the stack. */
const reaches = (how: string, action: string, resource: string): Breakage =>
  names(
    how,
    (stack) => stack.allow('stages_ship-order_role_policy', { Action: [action], Resource: [resource] }),
    `aws_iam_role_policy.stages_ship-order_role_policy: policy allows ${action} on ${resource}`,
  );

/** Compares something with another operator. */
const compares = (
  how: string,
  policy: readonly [type: string, id: string, argument?: string],
  [operator, key, other]: readonly [operator: string, key: string, other: string],
): Breakage =>
  demands(
    how,
    (stack) =>
      stack.statements(policy, (all) =>
        all.map((one) => {
          const { [operator]: compared, ...rest } = Object(one['Condition']);
          return compared === undefined ? one : { ...one, Condition: { ...rest, [other]: compared } };
        }),
      ),
    `${policy[0]}.${policy[1]}: compares ${key} with ${other}`,
  );

/** Takes a switch of a resource off. */
const isOff = (type: string, id: string, argument: string, off: unknown, found: string): Breakage =>
  isUnsafe(
    `${argument} of a ${type} is off`,
    (stack) => {
      stack.at(type, id)[argument] = off;
    },
    `${type}.${id}: ${found}`,
  );

/** Ways to open what the rules would not see, or not see through. */
export const BROKEN_OPENINGS: readonly Breakage[] = [
  isUnknown(
    'a role has an attached policy',
    (stack) =>
      stack.add('aws_iam_role_policy_attachment', 'more', {
        role: stack.reference('aws_iam_role', 'stages_ship-order_role', 'name'),
        policy_arn: ADMINISTRATOR,
      }),
    'aws_iam_role_policy_attachment.more: is of a type that no rule knows',
  ),
  isUnknown(
    'a user has a key',
    (stack) => {
      stack.add('aws_iam_user', 'more', { name: 'more' });
      stack.add('aws_iam_access_key', 'more', { user: '${aws_iam_user.more.name}' });
    },
    'aws_iam_user.more: is of a type that no rule knows',
    'aws_iam_access_key.more: is of a type that no rule knows',
  ),
  isUnknown(
    'a function is called by an address',
    (stack) =>
      stack.add('aws_lambda_function_url', 'more', {
        function_name: stack.reference('aws_lambda_function', 'staff_ops-api_function', 'function_name'),
        authorization_type: 'NONE',
      }),
    'aws_lambda_function_url.more: is of a type that no rule knows',
  ),
  isUnknown(
    'a data source writes a policy',
    (stack) => {
      stack.addData('aws_iam_policy_document', 'more', { statement: { actions: ['*'], resources: ['*'] } });
      stack.add('aws_iam_role_policy', 'more', {
        name: 'more',
        role: stack.reference('aws_iam_role', 'workflow_role', 'name'),
        policy: '${data.aws_iam_policy_document.more.json}',
      });
    },
    'data.aws_iam_policy_document.more: is of a type that no rule knows',
  ),
  ...[
    ['aws_iam_role', 'workflow_role', 'managed_policy_arns', [ADMINISTRATOR]] as const,
    ['aws_iam_role', 'workflow_role', 'inline_policy', [{ name: 'more', policy: '{}' }]] as const,
    [
      'aws_cloudwatch_event_target',
      'consumers_track-sales_events-target',
      'role_arn',
      'arn:aws:iam::1:role/a',
    ] as const,
    ['aws_security_group', 'network_search', 'ingress', [{ from_port: 0, to_port: 0 }]] as const,
  ].map(([type, id, argument, value]) =>
    isUnknown(
      `${argument} of a ${type} is set`,
      (stack) => {
        stack.at(type, id)[argument] = value;
      },
      `${type}.${id}: has ${argument}`,
    ),
  ),

  reaches(
    "a wildcard stands for the rest of a table's name",
    'dynamodb:DeleteItem',
    'arn:aws:dynamodb:eu-west-1:123456789012:table/orderstream-local-*',
  ),
  reaches(
    "a wildcard follows a whole table's name at once",
    'dynamodb:DeleteItem',
    'arn:aws:dynamodb:eu-west-1:123456789012:table/orderstream-local-orders*',
  ),
  reaches("a name holds that of a function's alias", 's3:GetObject', 'arn:aws:s3:::delivery-reports-*'),
  reaches('a name begins with that of a route', 's3:GetObject', 'arn:aws:s3:::orders*'),

  ...['StringNotEquals', 'StringEqualsIfExists'].map((other) =>
    compares(
      `a role is taken where ${other}`,
      ['aws_iam_role', 'workflow_role', 'assume_role_policy'],
      ['StringEquals', 'aws:sourceaccount', other],
    ),
  ),
  compares(
    'a queue takes what is not of its rule',
    ['aws_sqs_queue_policy', 'sweep_dead-letters-policy'],
    ['ArnEquals', 'aws:sourcearn', 'ArnNotEquals'],
  ),
  compares(
    'a bucket denies what comes with TLS',
    ['aws_s3_bucket_policy', 'dead-letters_policy'],
    ['Bool', 'aws:securetransport', 'StringNotEquals'],
  ),
  compares(
    'one of many keys is enough',
    ['aws_iam_role_policy', 'readers_track-activity_role_policy'],
    ['ForAllValues:StringLike', 'dynamodb:leadingkeys', 'ForAnyValue:StringLike'],
  ),
  broken('roles trust one service')(
    'a second comparison hides the first',
    (stack) =>
      stack.statements(['aws_iam_role', 'workflow_role', 'assume_role_policy'], (all) =>
        all.map((one) => ({
          ...one,
          Condition: { StringLike: { 'aws:SourceAccount': '*' }, ...Object(one['Condition']) },
        })),
      ),
    `${WORKFLOW}: states.amazonaws.com may take it without aws:sourceaccount of this account`,
  ),
  broken('buckets are private')(
    'only one account needs TLS',
    (stack) =>
      stack.statements(['aws_s3_bucket_policy', 'dead-letters_policy'], (all) =>
        all.map((one) => ({
          ...one,
          Condition: {
            ...Object(one['Condition']),
            StringEquals: { 'aws:PrincipalAccount': '111111111111' },
          },
        })),
      ),
    'aws_s3_bucket.dead-letters_bucket: is reached without TLS',
  ),

  broken('APIs may call their functions')(
    'anybody may call a route of the staff',
    (stack) => {
      stack.at('aws_apigatewayv2_route', 'staff_http_sales')['authorization_type'] = 'NONE';
    },
    'aws_apigatewayv2_route.staff_http_sales: lets anybody call GET /sales',
  ),
  letsIn(
    'everybody may call at any port',
    (stack) =>
      stack.add('aws_vpc_security_group_ingress_rule', 'more', {
        security_group_id: stack.reference('aws_security_group', 'network_search', 'id'),
        ip_protocol: '-1',
        cidr_ipv4: '0.0.0.0/0',
      }),
    'aws_vpc_security_group_ingress_rule.more: lets in more than one port from one group',
  ),
  letsIn(
    'a group may call at any port',
    (stack) => {
      stack.at('aws_vpc_security_group_ingress_rule', 'network_search-from-functions')['from_port'] = 0;
    },
    'aws_vpc_security_group_ingress_rule.network_search-from-functions: lets in more than one port from one group',
  ),
  letsIn(
    'functions may call everybody',
    (stack) =>
      stack.add('aws_vpc_security_group_egress_rule', 'more', {
        security_group_id: stack.reference('aws_security_group', 'network_functions', 'id'),
        ip_protocol: '-1',
        cidr_ipv4: '0.0.0.0/0',
      }),
    'aws_vpc_security_group_egress_rule.more: lets out to more than one port of one group or endpoint',
  ),

  ...['staff_ops-api_logs', 'workflow_logs', 'staff_http_access-logs'].map((logs) =>
    isUnsafe(
      `a log is kept for ever: ${logs}`,
      (stack) => {
        delete stack.at('aws_cloudwatch_log_group', logs)['retention_in_days'];
      },
      `aws_cloudwatch_log_group.${logs}: is kept for ever`,
    ),
  ),
  isOff(
    'aws_dynamodb_table',
    'tables_orders_table',
    'point_in_time_recovery',
    { enabled: false },
    'cannot be restored',
  ),
  isOff(
    'aws_dynamodb_table',
    'tables_orders_table',
    'server_side_encryption',
    { enabled: false },
    'is not encrypted',
  ),
  isOff('aws_sqs_queue', 'sweep_dead-letters', 'sqs_managed_sse_enabled', false, 'is not encrypted'),
  isOff('aws_opensearch_domain', 'search_domain', 'encrypt_at_rest', { enabled: false }, 'is not encrypted'),
  isOff(
    'aws_elasticache_replication_group',
    'cache_group',
    'at_rest_encryption_enabled',
    'false',
    'is not encrypted',
  ),
];
