import { AwsError, type ServiceRequest, type ServiceResponse } from '../endpoint/service.ts';
import type { MappingState } from '../mappings/mapping-state.ts';
import { functionNameIn } from '../stack/arns.ts';
import type { LambdaServiceParts } from './lambda-service.ts';

const MAPPINGS = /^\/2015-03-31\/event-source-mappings\/?([^/?]*)\/?(?:\?(.*))?$/;

/** Whether a call is about event source mappings. */
export function isMappingCall({ url }: Pick<ServiceRequest, 'url'>): boolean {
  return MAPPINGS.test(url);
}

/**
 * ListEventSourceMappings (by function and source), GetEventSourceMapping, and UpdateEventSourceMapping with `Enabled`
 * alone: a paused mapping keeps its position. Everything else about a mapping is the stack's.
 */
export function mappingCall(
  request: ServiceRequest,
  { functions, mappings }: LambdaServiceParts,
): ServiceResponse {
  const [, id = '', query = ''] = MAPPINGS.exec(request.url) ?? [];
  const arnOf = (name: string) => functions.functions.find((each) => each.name === name)?.arn ?? name;
  const describe = (state: MappingState) => ({
    UUID: state.id,
    EventSourceArn: state.sourceArn,
    FunctionArn: arnOf(state.functionName),
    State: state.state,
    LastProcessingResult: state.problem === '' ? 'OK' : state.problem,
  });
  if (id === '' && request.method === 'GET') {
    const wanted = new URLSearchParams(query);
    const name = wanted.get('FunctionName');
    const source = wanted.get('EventSourceArn');
    const found = mappings
      .states()
      .filter((state) => name === null || state.functionName === functionNameIn(name))
      .filter((state) => source === null || state.sourceArn === source);
    return json(200, { EventSourceMappings: found.map(describe) });
  }
  if (id === '') throw unknown(request);
  const stateOf = () => mappings.states().find((state) => state.id === id);
  const found = stateOf();
  if (found === undefined) {
    throw new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', 404);
  }
  if (request.method === 'GET') return json(200, describe(found));
  if (request.method === 'PUT') {
    if (enabledIn(request)) mappings.resume(id);
    else mappings.pause(id);
    return json(202, describe(stateOf() ?? found));
  }
  throw unknown(request);
}

function unknown({ method, url }: ServiceRequest): AwsError {
  return new AwsError(
    'UnknownOperationException',
    `${method} ${url}: a mapping is made and removed by the stack. It can be paused and resumed here.`,
    404,
  );
}

function enabledIn({ body }: ServiceRequest): boolean {
  const asked = Object(JSON.parse(body.toString() || '{}')) as Record<string, unknown>;
  const Enabled = asked['Enabled'];
  const others = Object.keys(asked).filter((name) => name !== 'Enabled' && name !== 'FunctionName');
  if (typeof Enabled === 'boolean' && others.length === 0) return Enabled;
  const problem =
    others.length > 0 ? `${others.join(', ')} cannot be changed here` : 'Enabled must be true or false';
  throw new AwsError('InvalidParameterValueException', `${problem}. Change the stack and start it again.`);
}

function json(status: number, document: unknown): ServiceResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(document) };
}
