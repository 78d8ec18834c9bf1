import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';

const PAYMENTS = join(import.meta.dirname, '../../../../docs/operating/payments.md');

/** Runs the command of docs/operating/payments.md that sets the attribute, as a person would. */
export function runDocumented(attribute: string, table: string) {
  return new DynamoDBClient().send(new UpdateItemCommand({ TableName: table, ...commandOf(attribute) }));
}

/** What the documented command that sets the attribute asks DynamoDB for, about order 1 and its payment pi_1. */
function commandOf(attribute: string) {
  const commands = readFileSync(PAYMENTS, 'utf8').split('aws dynamodb update-item').slice(1);
  const command = commands.find((each) => each.includes(`${attribute} = `)) ?? '';
  const option = (name: string) =>
    (new RegExp(`--${name} '([^']*)'`).exec(command)?.[1] ?? '')
      .replaceAll('ORDER-ID', '1')
      .replaceAll('pi_…', 'pi_1');
  return {
    Key: JSON.parse(option('key')),
    UpdateExpression: option('update-expression'),
    ConditionExpression: option('condition-expression'),
    ExpressionAttributeNames: JSON.parse(option('expression-attribute-names') || 'null') ?? undefined,
    ExpressionAttributeValues: JSON.parse(option('expression-attribute-values')),
  };
}
