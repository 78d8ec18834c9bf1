import type { ServiceResponse } from '../endpoint/service.ts';

/** An error as OpenSearch answers it: its type, its reason and its HTTP status. */
export class SearchError extends Error {
  readonly type: string;
  readonly status: number;
  /** Further members of the cause: `index`, `shard`. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(type: string, reason: string, status = 400, details: Readonly<Record<string, unknown>> = {}) {
    super(reason);
    this.name = type;
    this.type = type;
    this.status = status;
    this.details = details;
  }

  /** The cause, as it stands in an error document and in the item of a bulk request. */
  get document(): Readonly<Record<string, unknown>> {
    return { type: this.type, reason: this.message, ...this.details };
  }
}

/** An error that only shows where a shard is searched: a field that can't be sorted by, a value of the wrong kind. */
export class ShardError extends SearchError {
  constructor(type: string, reason: string, index: string) {
    super(type, reason, 400, { index });
    this.name = type;
  }
}

export function parsingError(reason: string): SearchError {
  return new SearchError('parsing_exception', reason);
}

export function illegalArgument(reason: string): SearchError {
  return new SearchError('illegal_argument_exception', reason);
}

/** Several problems of one request, numbered as OpenSearch does. */
export function validationError(...problems: readonly string[]): SearchError {
  const numbered = problems.map((problem, index) => ` ${index + 1}: ${problem};`).join('');
  return new SearchError('action_request_validation_exception', `Validation Failed:${numbered}`);
}

export function noSuchIndex(name: string): SearchError {
  return new SearchError('index_not_found_exception', `no such index [${name}]`, 404, {
    'resource.type': 'index_or_alias',
    'resource.id': name,
    index: name,
    index_uuid: '_na_',
  });
}

/** The error document of an answer. */
export function errorResponse(error: SearchError): ServiceResponse {
  const cause = error.document;
  const body =
    error instanceof ShardError
      ? {
          root_cause: [cause],
          type: 'search_phase_execution_exception',
          reason: 'all shards failed',
          phase: 'query',
          grouped: true,
          failed_shards: [{ shard: 0, index: error.details['index'], reason: cause }],
        }
      : { root_cause: [cause], ...cause };
  return jsonAnswer({ error: body, status: error.status }, error.status);
}

export function jsonAnswer(document: unknown, status = 200): ServiceResponse {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=UTF-8' },
    body: JSON.stringify(document),
  };
}
