import { text, type Resource } from './document.ts';
import { block } from './document.ts';
import { fault, type Fault, type Rule } from './finding.ts';
import { serviceMaySend } from './service-access.ts';
import type { Stack } from './stack-view.ts';

/** The longest that an HTTP API waits: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const LONGEST_WAIT_SECONDS = 30;

/** A request arrives: each route has an integration of its API, and that a function which lets the API in, in time. */
export const apis: Rule = {
  name: 'APIs may call their functions',
  check: (stack) => [
    ...stack.ofType('aws_apigatewayv2_integration').flatMap((one) => integrationFaults(stack, one)),
    ...stack.ofType('aws_apigatewayv2_route').flatMap((one) => routeFaults(stack, one)),
    ...stack.ofType('aws_apigatewayv2_stage').flatMap((one) => stageFaults(stack, one)),
  ],
};

function integrationFaults(stack: Stack, integration: Resource): readonly Fault[] {
  const { api_id, integration_uri } = integration.arguments;
  const api = stack.at(stack.referredTo(api_id)[0] ?? '');
  const called = stack.functionAt(integration_uri);
  if (api === undefined || called === undefined) {
    return [
      fault(
        integration,
        `${text(integration_uri)} is no function`,
        'Name the invoke_arn of one of the stack.',
      ),
    ];
  }
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-using-iam-policies-to-invoke-api.html
  const source = {
    service: 'apigateway.amazonaws.com',
    arn: `${stack.render(`\${${api.address}.execution_arn}`)}/$default/GET/any`,
  };
  const seconds = Number(called.lambda.arguments['timeout']);
  return [
    ...(serviceMaySend(stack, source, called.arn)
      ? []
      : [
          fault(
            integration,
            `${called.arn} does not let ${api.address} in`,
            'Give exactly that function or alias a permission for the API.',
          ),
        ]),
    ...(seconds <= LONGEST_WAIT_SECONDS
      ? []
      : [
          fault(
            called.lambda,
            `works for ${seconds} s at a request`,
            `Set its timeout to ${LONGEST_WAIT_SECONDS} or less.`,
          ),
        ]),
  ];
}

/** What anybody may call, by the end of the API's name: what a visitor does before signing in. */
const FOR_ANYBODY: readonly string[] = [
  'customers: GET /products',
  'customers: GET /products/{sku}',
  'customers: POST /activity',
];

function routeFaults(stack: Stack, route: Resource): readonly Fault[] {
  const { api_id, target, authorization_type, authorizer_id, route_key } = route.arguments;
  const api = stack.at(stack.referredTo(api_id)[0] ?? '');
  const isForAnybody = FOR_ANYBODY.some((one) =>
    `${api === undefined ? '' : stack.nameOf(api)}: ${text(route_key)}`.endsWith(`-${one}`),
  );
  const ofSameApi = (value: unknown) =>
    stack.at(stack.referredTo(value)[0] ?? '')?.arguments['api_id'] === api_id;
  return [
    ...(ofSameApi(target) ? [] : [fault(route, 'has no integration of its API', 'Name one in target.')]),
    ...(authorization_type === 'JWT' && !ofSameApi(authorizer_id)
      ? [fault(route, 'asks no authorizer of its API', 'Name one in authorizer_id.')]
      : []),
    ...(authorization_type === undefined
      ? [fault(route, 'does not say who may call it', 'Set authorization_type: NONE where everybody may.')]
      : []),
    ...(authorization_type === 'NONE' && !isForAnybody
      ? [
          fault(
            route,
            `lets anybody call ${text(route_key)}`,
            'Ask for a token or a signature, or list it in wholeness/apis.ts.',
          ),
        ]
      : []),
  ];
}

function stageFaults(stack: Stack, stage: Resource): readonly Fault[] {
  const { destination_arn } = block(stage.arguments['access_log_settings']);
  return stack.withArn(stack.render(destination_arn))?.type === 'aws_cloudwatch_log_group'
    ? []
    : [fault(stage, 'keeps no access log', 'Name a log group in access_log_settings.')];
}
