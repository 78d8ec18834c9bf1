import { iamArn } from '../names.ts';
import { type Access, type Place, type Rows, TAGGING, arn, of } from './access.ts';

/** The services that roles of the stack are made for; a role is handed to no other. */
export const PASSED_TO = [
  'lambda.amazonaws.com',
  'states.amazonaws.com',
  'events.amazonaws.com',
  'scheduler.amazonaws.com',
];

const functions =
  (read: readonly string[], write: readonly string[]) =>
  (place: Place): readonly Access[] => [
    {
      resources: [arn(place, 'lambda', `function:${place.prefix}-*`)],
      read: of('lambda', ...read),
      write: of('lambda', ...write),
    },
  ];

const roles = (place: Place) => iamArn(place.account, `role/${place.prefix}-*`);

const passRole = (place: Place): Access => ({
  resources: [roles(place)],
  write: of('iam', 'PassRole'),
  condition: { StringEquals: { 'iam:PassedToService': PASSED_TO } },
});

/** What gives a role permissions is allowed only on roles that carry the boundary, which no deployment can change. */
const bounded = (place: Place, ...actions: readonly string[]): Access => ({
  resources: [roles(place)],
  write: of('iam', ...actions),
  condition: { StringEquals: { 'iam:PermissionsBoundary': place.boundaryArn } },
});

/** APIs have ids that nobody chooses, so that no name narrows them. */
const apis = (place: Place): readonly Access[] => {
  const root = `arn:aws:apigateway:${place.region}::`;
  return [
    {
      resources: [`${root}/apis`, `${root}/apis/*`, `${root}/tags/*`],
      read: of('apigateway', 'GET'),
      write: of('apigateway', 'POST', 'PUT', 'PATCH', 'DELETE', ...TAGGING),
    },
  ];
};

/** Functions, their roles, workflows and APIs. */
export const COMPUTE_ROWS: Rows = {
  'data.aws_caller_identity': () => [],
  aws_lambda_function: (place) => [
    ...functions(
      [
        'GetFunction',
        'GetFunctionConfiguration',
        'GetFunctionCodeSigningConfig',
        'ListVersionsByFunction',
        'ListTags',
      ],
      [
        ...['CreateFunction', 'UpdateFunctionCode', 'UpdateFunctionConfiguration', 'DeleteFunction'],
        ...['PublishVersion', 'PutFunctionConcurrency', 'DeleteFunctionConcurrency', ...TAGGING],
      ],
    )(place),
    passRole(place),
  ],
  aws_lambda_alias: functions(['GetAlias', 'ListAliases'], ['CreateAlias', 'UpdateAlias', 'DeleteAlias']),
  aws_lambda_permission: functions(['GetPolicy'], ['AddPermission', 'RemovePermission']),
  aws_lambda_function_event_invoke_config: functions(
    ['GetFunctionEventInvokeConfig'],
    ['PutFunctionEventInvokeConfig', 'UpdateFunctionEventInvokeConfig', 'DeleteFunctionEventInvokeConfig'],
  ),
  aws_lambda_event_source_mapping: (place) => [
    { resources: ['*'], read: of('lambda', 'GetEventSourceMapping', 'ListEventSourceMappings') },
    {
      resources: ['*'],
      write: of('lambda', 'CreateEventSourceMapping', 'UpdateEventSourceMapping', 'DeleteEventSourceMapping'),
      condition: { ArnLike: { 'lambda:FunctionArn': arn(place, 'lambda', `function:${place.prefix}-*`) } },
    },
    {
      resources: [arn(place, 'lambda', 'event-source-mapping:*')],
      read: of('lambda', 'ListTags'),
      write: of('lambda', ...TAGGING),
    },
  ],
  aws_iam_role: (place) => [
    {
      resources: [roles(place)],
      read: of('iam', 'GetRole', 'ListRolePolicies', 'ListAttachedRolePolicies', 'ListRoleTags'),
      write: of(
        'iam',
        ...['DeleteRole', 'UpdateRole', 'UpdateRoleDescription', 'UpdateAssumeRolePolicy'],
        ...['ListInstanceProfilesForRole', 'TagRole', 'UntagRole'],
      ),
    },
    bounded(place, 'CreateRole', 'PutRolePermissionsBoundary'),
  ],
  aws_iam_role_policy: (place) => [
    { resources: [roles(place)], read: of('iam', 'GetRolePolicy') },
    bounded(place, 'PutRolePolicy', 'DeleteRolePolicy'),
  ],
  aws_sfn_state_machine: (place) => [
    {
      resources: [arn(place, 'states', `stateMachine:${place.prefix}-*`)],
      read: of('states', 'DescribeStateMachine', 'ListStateMachineVersions', 'ListTagsForResource'),
      write: of('states', 'CreateStateMachine', 'UpdateStateMachine', 'DeleteStateMachine', ...TAGGING),
    },
    { resources: ['*'], read: of('states', 'ValidateStateMachineDefinition') },
    passRole(place),
  ],
  aws_apigatewayv2_api: apis,
  aws_apigatewayv2_authorizer: apis,
  aws_apigatewayv2_integration: apis,
  aws_apigatewayv2_route: apis,
  // Access logs are delivered by CloudWatch Logs, which knows no resources for deliveries.
  aws_apigatewayv2_stage: (place) => [
    ...apis(place),
    {
      resources: ['*'],
      write: of(
        'logs',
        ...['CreateLogDelivery', 'GetLogDelivery', 'UpdateLogDelivery', 'DeleteLogDelivery'],
        ...['ListLogDeliveries', 'DescribeResourcePolicies', 'PutResourcePolicy'],
      ),
    },
  ],
};
