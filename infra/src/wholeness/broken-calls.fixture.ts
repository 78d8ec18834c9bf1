import { broken, type Breakage, type Draft } from './broken.fixture.ts';

const isServed = broken('APIs may call their functions');
const runs = broken('workflows may call their functions');

const MACHINE = 'aws_sfn_state_machine.workflow_machine';
const OPS_API = 'arn:aws:lambda:eu-west-1:123456789012:function:orderstream-local-ops-api:live';

/** Changes the states of the workflow's definition as text. */
function redefine(stack: Draft, from: string, to: string): void {
  const machine = stack.at('aws_sfn_state_machine', 'workflow_machine');
  machine['definition'] = String(machine['definition']).replace(from, to);
}

/** Ways in which requests and tasks do not reach their functions. */
export const BROKEN_CALLS: readonly Breakage[] = [
  isServed(
    'a function does not let its API in',
    (stack) => stack.remove('aws_lambda_permission', 'staff_http_ops-api-permission'),
    `aws_apigatewayv2_integration.staff_http_ops-api-integration: ${OPS_API} does not let aws_apigatewayv2_api.staff_http_api in`,
  ),
  isServed(
    'an alias does not let its API in',
    (stack) => {
      delete stack.at('aws_lambda_permission', 'staff_http_ops-api-permission')['qualifier'];
    },
    `aws_apigatewayv2_integration.staff_http_ops-api-integration: ${OPS_API} does not let aws_apigatewayv2_api.staff_http_api in`,
  ),
  isServed(
    'a function works longer than a request waits',
    (stack) => {
      stack.at('aws_lambda_function', 'staff_ops-api_function')['timeout'] = 31;
    },
    'aws_lambda_function.staff_ops-api_function: works for 31 s at a request',
  ),
  isServed(
    'a route leads to the integration of another API',
    (stack) => {
      stack.at('aws_apigatewayv2_route', 'staff_http_sales')['target'] =
        `integrations/${stack.reference('aws_apigatewayv2_integration', 'customers_http_order-api-integration', 'id')}`;
    },
    'aws_apigatewayv2_route.staff_http_sales: has no integration of its API',
  ),
  isServed(
    'a route asks the authorizer of another API',
    (stack) => {
      stack.at('aws_apigatewayv2_route', 'staff_http_sales')['authorizer_id'] = stack.reference(
        'aws_apigatewayv2_authorizer',
        'customers_http_authorizer',
        'id',
      );
    },
    'aws_apigatewayv2_route.staff_http_sales: asks no authorizer of its API',
  ),
  isServed(
    'a route does not say who may call it',
    (stack) => {
      delete stack.at('aws_apigatewayv2_route', 'staff_http_sales')['authorization_type'];
    },
    'aws_apigatewayv2_route.staff_http_sales: does not say who may call it',
  ),
  isServed(
    'an API keeps no access log',
    (stack) => {
      delete stack.at('aws_apigatewayv2_stage', 'staff_http_stage')['access_log_settings'];
    },
    'aws_apigatewayv2_stage.staff_http_stage: keeps no access log',
    'aws_cloudwatch_log_group.staff_http_access-logs: is used by nothing',
  ),

  runs(
    'a state leads nowhere',
    (stack) => redefine(stack, '"Next":"ShipOrder"', '"Next":"SendOrder"'),
    `${MACHINE}: leads to SendOrder, which is no state`,
  ),
  runs(
    'a task waits less than its function may work',
    (stack) => redefine(stack, '"TimeoutSeconds":', '"TimeoutSeconds":0.'),
    expect.stringMatching(/workflow_machine: ValidateOrder waits 0\.\d+ s for a function of \d+ s$/),
  ),
  runs(
    'a workflow may call a function, and not the alias that its task calls',
    (stack) =>
      stack.statements(['aws_iam_role_policy', 'workflow_role_policy'], (all) =>
        all.map((one) => ({
          ...one,
          Resource: one.Resource.map((each) =>
            each.includes('stages_close-order')
              ? stack.reference('aws_lambda_function', 'stages_close-order_function', 'arn')
              : each,
          ),
        })),
      ),
    ...['BeginClosing', 'CloseOrder'].map(
      (state) =>
        `${MACHINE}: its role may not call arn:aws:lambda:eu-west-1:123456789012:function:orderstream-local-close-order:live in ${state}`,
    ),
  ),
  runs(
    'a workflow may not deliver its log',
    (stack) => stack.forbid('workflow_role_policy', 'logs:CreateLogDelivery'),
    `${MACHINE}: is not logged`,
  ),
  runs(
    'a workflow is not traced',
    (stack) => {
      stack.at('aws_sfn_state_machine', 'workflow_machine')['tracing_configuration'] = { enabled: false };
    },
    `${MACHINE}: is not traced`,
  ),
];
