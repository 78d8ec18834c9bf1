/** A change of an order, in DynamoDB's words where it speaks of conditions. */
export interface OrderChange {
  /** When; ISO 8601. */
  readonly at: string;
  /** Fields and their new values. */
  readonly set: Readonly<Record<string, unknown>>;
  /** What the status is set to: an operand such as `:to`. */
  readonly status?: string | undefined;
  /** Whether the status as it stood is kept in `closedFrom`. */
  readonly closedFrom?: boolean;
  readonly remove?: string | undefined;
  readonly condition: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, unknown>>;
}

export type OrderUpdate = ReturnType<typeof orderUpdate>;

/** The conditional update that makes `change`, together with what every write of an order carries. */
export function orderUpdate(table: string, writer: string, orderId: string, change: OrderChange) {
  const fields = Object.entries(change.set);
  const status = change.status === undefined ? '' : `#status = ${change.status}, `;
  const set = fields.map(([name]) => `${name} = :${name}, `).join('');
  // An update's operands are the item as it was.
  const closedFrom = change.closedFrom ? 'closedFrom = #status, ' : '';
  const remove = change.remove === undefined ? '' : ` REMOVE ${change.remove}`;
  return {
    TableName: table,
    Key: { orderId },
    UpdateExpression: `SET ${status}${closedFrom}${set}updatedAt = :updatedAt, updatedBy = :updatedBy${remove} ADD itemVersion :one`,
    ConditionExpression: change.condition,
    ExpressionAttributeNames: { '#status': 'status', ...change.names },
    ExpressionAttributeValues: {
      ...change.values,
      ...Object.fromEntries(fields.map(([name, value]) => [`:${name}`, value])),
      ':updatedAt': change.at,
      ':updatedBy': writer,
      ':one': 1,
    },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
  };
}
