import { AwsError, type ServiceRequest, type ServiceResponse } from '../endpoint/service.ts';
import { mappingUuid } from '../mappings/failure-message.ts';
import type { MappingState } from '../mappings/mapping-state.ts';
import { arn, calledBy, functionReference, qualified } from '../stack/arns.ts';
import type { Mapping } from '../stack/model.ts';
import type { LambdaOperation, LambdaServiceParts } from './lambda-operation.ts';
import { invalid, json, membersOf, refuseOthers } from './rest-json.ts';

const IN_THE_STACK = 'Change the stack and start it again.';

type Parts = Pick<LambdaServiceParts, 'mappings' | 'stack' | 'clock'>;

/**
 * ListEventSourceMappings (by function and source), GetEventSourceMapping, and UpdateEventSourceMapping with `Enabled`
 * alone: a paused mapping keeps its position. Everything else about a mapping is the stack's.
 *
 * Source: docs.aws.amazon.com/lambda/latest/api/API_EventSourceMappingConfiguration.html.
 */
export function mappingOperations(parts: Parts): [string, LambdaOperation][] {
  const configured = new ConfiguredMappings(parts);
  return [
    ['ListEventSourceMappings', ({ query }) => configured.list(query)],
    ['GetEventSourceMapping', ({ name }) => json(200, configured.describe(configured.find(name)))],
    ['UpdateEventSourceMapping', ({ name }, request) => configured.update(name, request)],
  ];
}

/** The stack's mappings, as Lambda's API tells them. */
class ConfiguredMappings {
  readonly #parts: Parts;
  /** Epoch milliseconds at which a mapping was paused or resumed, by its id. */
  readonly #modified = new Map<string, number>();
  readonly #startedAt: number;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#startedAt = parts.clock.now();
  }

  list(query: URLSearchParams): ServiceResponse {
    const name = query.get('FunctionName');
    const source = query.get('EventSourceArn');
    const found = this.#parts.stack.mappings
      .filter((mapping) => name === null || isFor(mapping, name))
      .filter((mapping) => source === null || mapping.sourceArn === source);
    return json(200, { EventSourceMappings: found.map((mapping) => this.describe(mapping)) });
  }

  /** @param name its UUID, or its name in the stack. @throws AwsError ResourceNotFoundException. */
  find(name: string): Mapping {
    const found = this.#parts.stack.mappings.find(({ id }) => id === name || mappingUuid(id) === name);
    if (found) return found;
    throw new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', 404);
  }

  async update(name: string, request: ServiceRequest): Promise<ServiceResponse> {
    const { mappings, clock } = this.#parts;
    const mapping = this.find(name);
    if (enabledIn(request, mapping)) await mappings.resume(mapping.id);
    else await mappings.pause(mapping.id);
    this.#modified.set(mapping.id, clock.now());
    return json(202, this.describe(mapping));
  }

  describe(mapping: Mapping): Record<string, unknown> {
    const { mappings, stack } = this.#parts;
    const UUID = mappingUuid(mapping.id);
    const state = mappings.states().find(({ id }) => id === mapping.id);
    return {
      UUID,
      EventSourceMappingArn: arn('lambda', `event-source-mapping:${UUID}`, stack),
      EventSourceArn: mapping.sourceArn,
      FunctionArn: arn('lambda', `function:${calledBy(mapping)}`, stack),
      BatchSize: mapping.batchSize,
      MaximumBatchingWindowInSeconds: mapping.batchWindowSeconds,
      FunctionResponseTypes: mapping.reportBatchItemFailures ? ['ReportBatchItemFailures'] : [],
      ...(mapping.filters.length > 0 && {
        FilterCriteria: { Filters: mapping.filters.map((Pattern) => ({ Pattern })) },
      }),
      LastModified: (this.#modified.get(mapping.id) ?? this.#startedAt) / 1000,
      State: state?.state,
      ...(mapping.startingPosition === undefined
        ? { StateTransitionReason: 'USER_INITIATED' }
        : { StateTransitionReason: 'User action', ...streamMembers(mapping), ...lastResult(state) }),
    };
  }
}

/** Whether a mapping calls a function: by whatever alias, or by the one that is named. */
function isFor(mapping: Mapping, reference: string): boolean {
  const { functionName, qualifier } = functionReference(reference);
  return (
    mapping.functionName === functionName && (qualifier === undefined || qualifier === mapping.qualifier)
  );
}

/** A function's name, with the qualifier that it has in a name or an ARN. */
function nameIn(reference: string): string {
  const { functionName, qualifier } = functionReference(reference);
  return qualified(functionName, qualifier);
}

/** What only a stream's mapping has. */
function streamMembers(mapping: Mapping): object {
  const { onFailureDestination: Destination } = mapping;
  return {
    StartingPosition: mapping.startingPosition,
    ParallelizationFactor: mapping.parallelizationFactor,
    BisectBatchOnFunctionError: mapping.bisectOnError,
    MaximumRetryAttempts: mapping.maximumRetryAttempts,
    MaximumRecordAgeInSeconds: mapping.maximumRecordAgeSeconds,
    TumblingWindowInSeconds: mapping.tumblingWindowSeconds,
    DestinationConfig: { OnFailure: Destination === undefined ? {} : { Destination } },
  };
}

function lastResult(state: MappingState | undefined): object {
  if (state === undefined) return {};
  if (state.problem !== '') return { LastProcessingResult: `PROBLEM: ${state.problem}` };
  return { LastProcessingResult: state.position === 0 ? 'No records processed' : 'OK' };
}

function enabledIn(request: ServiceRequest, mapping: Mapping): boolean {
  const members = membersOf(request);
  refuseOthers(members, ['UUID', 'Enabled', 'FunctionName'], IN_THE_STACK);
  const { Enabled, FunctionName = calledBy(mapping) } = members;
  if (typeof FunctionName !== 'string' || nameIn(FunctionName) !== calledBy(mapping)) {
    throw invalid(`FunctionName cannot be changed here. ${IN_THE_STACK}`);
  }
  if (typeof Enabled !== 'boolean')
    throw invalid('Enabled must be true or false: nothing else can be changed here.');
  return Enabled;
}
