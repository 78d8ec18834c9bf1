import { block, text } from './document.ts';
import type { Stack } from './stack-view.ts';

/** What the dimensions of AWS's own metrics name, and of the functions' own: who wrote them. */
const NAMED: Readonly<Record<string, (stack: Stack) => readonly string[]>> = {
  QueueName: namesOf('aws_sqs_queue'),
  FunctionName: namesOf('aws_lambda_function'),
  TableName: namesOf('aws_dynamodb_table'),
  RuleName: namesOf('aws_cloudwatch_event_rule'),
  EventBusName: namesOf('aws_cloudwatch_event_bus'),
  BucketName: namesOf('aws_s3_bucket'),
  DomainName: namesOf('aws_opensearch_domain'),
  StateMachineArn: (stack) => stack.ofType('aws_sfn_state_machine').map((one) => stack.arnOf(one)),
  ApiId: (stack) => stack.ofType('aws_apigatewayv2_api').map((one) => stack.render(`\${${one.address}.id}`)),
  service: (stack) =>
    stack
      .ofType('aws_lambda_function')
      .map((one) => text(block(block(one.arguments['environment'])['variables'])['POWERTOOLS_SERVICE_NAME'])),
};

/** Dimensions that tell kinds of one thing apart and name no resource: how an order ended. */
const KINDS: readonly string[] = ['end'];

/** Whether the stack has what a metric's dimension names. */
export function isThere(stack: Stack, dimension: string, value: string): boolean {
  return KINDS.includes(dimension) || NAMED[dimension]?.(stack).includes(stack.render(value)) === true;
}

function namesOf(type: string): (stack: Stack) => readonly string[] {
  return (stack) => stack.ofType(type).map((one) => stack.nameOf(one));
}
