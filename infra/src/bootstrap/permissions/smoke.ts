import type { Statement } from '../../functions/role.ts';
import { type Place, arn, of } from './access.ts';

/**
 * What `orders smoke` does with a deployment: it places orders of a name of their own and removes them again. No key of
 * any other order, product or sale can be touched: docs/decisions/2026-11-23-smoke-orders.md.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 */
export function smokeStatements(place: Place): Statement[] {
  const { prefix, ordersTable = `${prefix}-orders` } = place;
  const rows = (table: string, keys: readonly string[], ...actions: readonly string[]): Statement => ({
    Effect: 'Allow',
    Action: of('dynamodb', ...actions),
    Resource: [arn(place, 'dynamodb', `table/${table}`)],
    Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys } },
  });
  return [
    rows(ordersTable, ['smoke-*'], 'GetItem', 'BatchGetItem', 'PutItem', 'DeleteItem'),
    rows(`${ordersTable}/index/byCustomer`, ['smoke'], 'Query'),
    rows(`${prefix}-allocations`, ['smoke-*', 'receipt#smoke'], 'Query', 'PutItem', 'DeleteItem'),
    rows(`${prefix}-ledger`, ['charge#smoke-*', 'shipment#smoke-*'], 'GetItem', 'DeleteItem'),
    rows(`${prefix}-stock`, ['SMOKE-TEST-ORDERSTREAM'], 'UpdateItem', 'DeleteItem'),
    rows(
      `${prefix}-summaries`,
      ['sales', 'sales#*', 'sale#*#smoke-*', 'notification#smoke-*'],
      ...['GetItem', 'ConditionCheckItem', 'UpdateItem', 'DeleteItem'],
    ),
    {
      Effect: 'Allow',
      Action: of('states', 'DescribeExecution'),
      Resource: [arn(place, 'states', `execution:${prefix}-order-workflow:smoke-*`)],
    },
  ];
}
