import * as z from 'zod';
import { calledFunction, lambdaCall } from '../../functions/operations.ts';
import { mappingUuid } from '../../mappings/failure-message.ts';
import { arn, functionNameIn } from '../../stack/arns.ts';
import { membersOf, type NeedsOf, type NeedsPlace } from './needs.ts';

const OF_FUNCTION: ReadonlySet<string> = new Set([
  'GetFunction',
  'GetFunctionConfiguration',
  'UpdateFunctionCode',
  'GetAlias',
  'ListAliases',
]);
const OF_MAPPING: ReadonlySet<string> = new Set(['GetEventSourceMapping', 'UpdateEventSourceMapping']);
const OF_ALL_FUNCTIONS: ReadonlySet<string> = new Set(['ListFunctions', 'ListEventSourceMappings']);

/** Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html */
export const lambdaNeeds: NeedsOf = (request, place) => {
  const call = lambdaCall(request);
  const { operation, name } = call;
  const action = `lambda:${operation}`;
  if (operation === 'Invoke') {
    const resource = functionArn(calledFunction(call), place);
    return [{ action: 'lambda:InvokeFunction', resource }];
  }
  if (OF_FUNCTION.has(operation)) return [{ action, resource: functionArn(functionNameIn(name), place) }];
  if (OF_MAPPING.has(operation)) {
    const uuid = place.mappings.some(({ id }) => id === name) ? mappingUuid(name) : name;
    return [{ action, resource: arn('lambda', `event-source-mapping:${uuid}`, place) }];
  }
  return OF_ALL_FUNCTIONS.has(operation) ? [{ action, resource: '*' }] : undefined;
};

/** The function that a name or an ARN means, with its qualifier where it has one. */
export function functionArn(reference: string, place: Pick<NeedsPlace, 'region' | 'accountId'>): string {
  return reference.startsWith('arn:') ? reference : arn('lambda', `function:${reference}`, place);
}

const OF_MACHINE: ReadonlySet<string> = new Set(['StartExecution', 'ListExecutions', 'DescribeStateMachine']);
const OF_EXECUTION: ReadonlySet<string> = new Set([
  ...['StopExecution', 'RedriveExecution', 'DescribeExecution', 'GetExecutionHistory'],
]);
const ofMachine = z.object({ stateMachineArn: z.string() });
const ofExecution = z.object({ executionArn: z.string() });

/** Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html */
export const statesNeeds: NeedsOf = (request) => {
  const { operation } = request;
  const action = `states:${operation}`;
  if (operation === 'ListStateMachines') return [{ action, resource: '*' }];
  if (OF_MACHINE.has(operation)) {
    return [{ action, resource: membersOf(ofMachine, request).stateMachineArn }];
  }
  if (!OF_EXECUTION.has(operation)) return undefined;
  return [{ action, resource: membersOf(ofExecution, request).executionArn }];
};
