import { DEV, resourcesOf, synthesize, type Arguments } from '../testing/synthesized.ts';

const NAME = 'shop.Orders';
const made = synthesize(DEV);
const named = synthesize({ ...DEV, ORDERSTREAM_ORDERS_TABLE: NAME });
const [[madeId = ''] = []] = Object.entries(resourcesOf(made, 'aws_dynamodb_table')).filter(
  ([, one]) => one['name'] === 'orderstream-dev-orders',
);
const [[dataId = '', data = {}] = []] = Object.entries(named.document.data['aws_dynamodb_table'] ?? {});
const { postcondition } = data['lifecycle'] as { postcondition: readonly Arguments[] };

const isText = (name: unknown) => `anytrue([for a in self.attribute : a.name == "${name}" && a.type == "S"])`;

describe('a table of orders that is there already', () => {
  it('is looked up by its name, and not made', () => {
    expect(data).toMatchObject({ name: NAME });
    expect(resourcesOf(named, 'aws_dynamodb_table')).not.toHaveProperty(madeId);
    expect(Object.keys(resourcesOf(named, 'aws_dynamodb_table'))).toHaveLength(6);
  });

  it('stands wherever the other one would, and nothing else is different', () => {
    const { resource, output } = named.document;
    const { [madeId]: orders, ...tables } = resourcesOf(made, 'aws_dynamodb_table');
    const others = { ...made.document.resource, aws_dynamodb_table: tables };
    const instead = (part: object): unknown =>
      JSON.parse(
        JSON.stringify(part).replaceAll(
          `aws_dynamodb_table.${madeId}.`,
          `data.aws_dynamodb_table.${dataId}.`,
        ),
      );

    expect(orders).toBeDefined();
    expect(resource).toEqual(instead(others));
    expect(output).toEqual(instead(made.document.output));
  });

  it('has to have the key, the stream and the indexes that the stack gives its own', () => {
    const { global_secondary_index: indexes } = resourcesOf(made, 'aws_dynamodb_table')[madeId] ?? {};
    const conditions = postcondition.map((one) => String(one['condition']));

    expect(conditions.slice(0, 2)).toEqual([
      `\${self.hash_key == "orderId" && (self.range_key == null || self.range_key == "") && ${isText('orderId')}}`,
      '${self.stream_view_type == "NEW_AND_OLD_IMAGES"}',
    ]);
    expect(conditions.slice(2)).toEqual(
      (indexes as readonly Arguments[]).map(
        ({ name, hash_key, range_key, non_key_attributes }) =>
          `\${anytrue([for i in self.global_secondary_index : i.name == "${name}" && i.hash_key == "${hash_key}" && i.range_key == "${range_key}" && (i.projection_type == "ALL" || alltrue([for a in ${JSON.stringify(non_key_attributes)} : try(contains(i.non_key_attributes, a), false)]))]) && ${isText(hash_key)} && ${isText(range_key)}}`,
      ),
    );
  });

  it('that lacks something is refused by the name of its setting, with what it needs', () => {
    expect(postcondition.map((one) => one['error_message'])).toEqual(
      [
        'the key orderId (S) alone',
        'a stream of NEW_AND_OLD_IMAGES',
        'the index byCustomer by customerId (S) and placedAt (S) with status, total, currency, forgottenAt',
        'the index openOrders by openShard (S) and updatedAt (S) with status',
        'the index byDay by placedShard (S) and placedAt (S) with status, total, currency',
      ].map(
        (needs) =>
          `The table ${NAME} (ORDERSTREAM_ORDERS_TABLE) needs ${needs}. Change the table, or leave ORDERSTREAM_ORDERS_TABLE out: then the stack makes one.`,
      ),
    );
  });
});
