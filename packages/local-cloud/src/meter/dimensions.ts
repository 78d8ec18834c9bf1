/**
 * What AWS would bill and is counted here, by name, with its unit. Dimensions that several services share a name for
 * carry the service first.
 */
export const DIMENSIONS = {
  'lambda.requests': 'invocations',
  'lambda.gbSeconds': 'GB-seconds',
  'states.transitions': 'state transitions of Standard workflows',
  'states.expressRequests': 'executions of Express workflows',
  'dynamodb.writeUnits': 'write request units',
  'dynamodb.readUnits': 'read request units',
  'events.published': 'custom events, in chunks of 64 KB',
  'events.publishedBytes': 'bytes',
  'sqs.requests': 'requests, in chunks of 64 KB',
  'sns.publishes': 'requests, in chunks of 64 KB',
  'sns.textMessages': 'text messages (SMS), one for each part',
  's3.writes': 'PUT, COPY, POST and LIST requests',
  's3.reads': 'GET and all other requests',
  's3.storedBytes': 'bytes written',
  'api.requests': 'requests, in chunks of 512 KB',
  'ses.messages': 'messages, one for each recipient',
  'logs.bytes': 'bytes',
} as const satisfies Readonly<Record<string, string>>;

export type Dimension = keyof typeof DIMENSIONS;

/** The dimensions in their order; a count stands at its dimension's place. */
export const NAMES: readonly Dimension[] = Object.keys(DIMENSIONS).filter(isDimension);
const PLACES: ReadonlyMap<Dimension, number> = new Map(NAMES.map((name, place) => [name, place]));

export function placeOf(dimension: Dimension): number {
  return PLACES.get(dimension) ?? 0;
}

function isDimension(name: string): name is Dimension {
  return Object.hasOwn(DIMENSIONS, name);
}

/** What costs money on AWS and is not counted here, with the reason. */
export const NOT_METERED: Readonly<Record<string, string>> = {
  'data transfer out': 'bytes that leave the region; what this machine sends stays on it',
  'DynamoDB storage and backups': 'a table grows over months: see the price of a GB',
  'DynamoDB Streams reads': 'free for Lambda',
  'DynamoDB TTL deletes': 'free',
  'PartiQL statements': 'their read units are not known here',
  'access logs of the APIs, logs of the state machine': 'written by AWS, not by functions',
  'storage of logs and of archives of buses': 'both grow over months: see the price of a GB',
  Athena: 'is billed by the data that a query scans',
  'X-Ray traces': 'AWS samples them; the first 100,000 a month are free',
  'KMS requests': 'AWS caches the keys of tables; the first 20,000 a month are free',
};
