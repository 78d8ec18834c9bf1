/** Who makes a call, known by the access key id it is signed with. */
export interface Caller {
  /** `operator` is whoever stands outside the stack: the command line, a test, an SDK client with any other key. */
  readonly kind: 'function' | 'operator';
  /** The function's name, or the access key id as it came. */
  readonly name: string;
  /** Role the call is made with; undefined for an operator. */
  readonly roleArn: string | undefined;
}

/** One AWS API call as it arrived at the endpoint, already routed. */
export interface ServiceRequest {
  /** Lower-case service name: `dynamodb`, `dynamodbstreams`, `states`, `events`, `sqs`, `sns`, `s3`, `lambda`, `ses`. */
  readonly service: string;
  /** Operation name where the protocol carries one (`PutItem`), else the HTTP method. */
  readonly operation: string;
  readonly method: string;
  /** Path with query string, as it came. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly caller: Caller;
}

export interface ServiceResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** Answers the calls of one service. Throws {@link AwsError} for AWS's own errors. */
export type ServiceHandler = (request: ServiceRequest) => Promise<ServiceResponse>;

/** An error as AWS would answer it: its code, its HTTP status and its message. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  /** Further members of the error document (`CancellationReasons`, `Item`). */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, status = 400, members: Record<string, unknown> = {}) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = status;
    this.members = members;
  }
}

/** A part of a path without its percent signs. @throws AwsError InvalidURI when it is wrongly encoded. */
export function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new AwsError(
      'InvalidURI',
      `Couldn't parse the specified URI: ${part} is not percent-encoded text.`,
    );
  }
}

/** An AWS JSON 1.0/1.1 answer. */
export function jsonResponse(body: unknown, status = 200): ServiceResponse {
  return { status, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: JSON.stringify(body) };
}
