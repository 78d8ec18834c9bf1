import { lambdaNeeds, statesNeeds } from './compute.ts';
import { dynamodbNeeds, streamNeeds } from './dynamodb.ts';
import { searchNeeds, sesNeeds } from './mail-and-search.ts';
import { eventsNeeds, snsNeeds, sqsNeeds } from './messaging.ts';
import type { NeedsOf } from './needs.ts';
import { s3Needs } from './s3.ts';

/** What calls need, by the service as the endpoint names it. Who one is, everyone may ask. */
export const NEEDS_BY_SERVICE: Readonly<Record<string, NeedsOf>> = {
  dynamodb: dynamodbNeeds,
  dynamodbstreams: streamNeeds,
  sqs: sqsNeeds,
  sns: snsNeeds,
  s3: s3Needs,
  events: eventsNeeds,
  states: statesNeeds,
  ses: sesNeeds,
  lambda: lambdaNeeds,
  es: searchNeeds,
  sts: ({ operation }) => (operation === 'GetCallerIdentity' ? 'nothing' : undefined),
};
