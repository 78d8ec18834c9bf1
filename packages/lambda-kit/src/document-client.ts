import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { awsClientConfig } from './aws-client.ts';

let client: DynamoDBDocumentClient | undefined;

/** The function's one DynamoDB client. Attributes that are `undefined` are left out of what it writes. */
export function documentClient(): DynamoDBDocumentClient {
  client ??= createClient();
  return client;
}

function createClient(): DynamoDBDocumentClient {
  const dynamo = new DynamoDBClient(awsClientConfig());
  // It copies every input and output, all items of a transaction, for a logger that there is not.
  dynamo.middlewareStack.remove('loggerMiddleware');
  return DynamoDBDocumentClient.from(dynamo, { marshallOptions: { removeUndefinedValues: true } });
}
