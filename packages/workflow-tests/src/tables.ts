import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** The tables that stages use: the variable that names each to the functions, and its keys. */
export const TABLES = {
  orders: { variable: 'ORDERS_TABLE', keys: { orderId: 'S' } },
  stock: { variable: 'STOCK_TABLE', keys: { sku: 'S' } },
  allocations: { variable: 'ALLOCATIONS_TABLE', keys: { orderId: 'S', chunk: 'N' } },
  ledger: { variable: 'LEDGER_TABLE', keys: { key: 'S' } },
} as const;

/** Creates them at the endpoint that the environment names. */
export async function createTables(): Promise<void> {
  const client = new DynamoDBClient();
  for (const [TableName, { keys }] of Object.entries(TABLES)) {
    const attributes = Object.entries(keys);
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: attributes.map(([AttributeName, AttributeType]) => ({
          AttributeName,
          AttributeType,
        })),
        KeySchema: attributes.map(([AttributeName], index) => ({
          AttributeName,
          KeyType: index === 0 ? 'HASH' : 'RANGE',
        })),
      }),
    );
  }
  client.destroy();
}
