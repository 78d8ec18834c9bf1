import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** A client that is answered by `answer`, a call's input given, instead of by DynamoDB. */
export function stubbedClient(answer: (input: object) => object): DynamoDBDocumentClient {
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({ region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } }),
  );
  client.middlewareStack.add(
    () => async (args) => ({ output: { $metadata: {}, ...answer(args.input) }, response: {} }),
    { step: 'initialize', priority: 'high', name: 'stub' },
  );
  return client;
}
