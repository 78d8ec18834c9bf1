import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { unmarshallOptions } from '@aws-sdk/util-dynamodb';
import { awsClientConfig } from './aws-client.ts';

/** How numbers are read: as JavaScript's, or as lib-dynamodb's NumberValues, which keep every digit. */
type Numbers = 'plain' | 'exact';

/**
 * How an item is read with plain numbers. Of itself the SDK makes a large one a BigInt and throws where it cannot, so that
 * nobody could read, and reject, an item in which somebody wrote `1E+30`.
 */
export const PLAIN_NUMBERS = { wrapNumbers: Number } satisfies unmarshallOptions;

const clients: Partial<Record<Numbers, DynamoDBDocumentClient>> = {};

/** The function's one DynamoDB client, or one of two. Attributes that are `undefined` are left out of what it writes. */
export function documentClient(numbers: Numbers = 'plain'): DynamoDBDocumentClient {
  return (clients[numbers] ??= createClient(numbers));
}

function createClient(numbers: Numbers): DynamoDBDocumentClient {
  const dynamo = new DynamoDBClient(awsClientConfig());
  // It copies every input and output, all items of a transaction, for a logger that there is not.
  dynamo.middlewareStack.remove('loggerMiddleware');
  return DynamoDBDocumentClient.from(dynamo, {
    marshallOptions: { removeUndefinedValues: true },
    // A copy: the client writes its own options into what it is given.
    unmarshallOptions: numbers === 'exact' ? { wrapNumbers: true } : { ...PLAIN_NUMBERS },
  });
}
