import { DeleteCommand, UpdateCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { firstItemVersion, type Product } from '@orderstream/domain';
import { conditionalWrite, documentClient, requiredEnvironment } from '@orderstream/lambda-kit';

/** What staff say of a product. */
export type ProductContent = Pick<Product, 'name' | 'unitPrice' | 'currency'>;

/** The products table, as staff write to it. Stock is elsewhere, and never touched from here. */
export class Products {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client = documentClient(), table = requiredEnvironment('PRODUCTS_TABLE')) {
    this.#client = client;
    this.#table = table;
  }

  /** Creates the product, or replaces what is said of it, in one write. Its version rises in either case. */
  async put(
    sku: string,
    { name, unitPrice, currency }: ProductContent,
    updatedBy: string,
  ): Promise<{ created: boolean; product: Product }> {
    const now = Date.now();
    const updatedAt = new Date(now).toISOString();
    const { Attributes: before } = await this.#client.send(
      new UpdateCommand({
        TableName: this.#table,
        Key: { sku },
        UpdateExpression:
          'SET #name = :name, unitPrice = :price, currency = :currency, updatedAt = :at, updatedBy = :by, ' +
          'itemVersion = if_not_exists(itemVersion, :before) + :one REMOVE removedBy',
        ExpressionAttributeNames: { '#name': 'name' },
        ExpressionAttributeValues: {
          ':name': name,
          ':price': unitPrice,
          ':currency': currency,
          ':at': updatedAt,
          ':by': updatedBy,
          ':before': firstItemVersion(now) - 1,
          ':one': 1,
        },
        ReturnValues: 'ALL_OLD',
      }),
    );
    const version: unknown = before?.['itemVersion'];
    const created = typeof version !== 'number';
    const itemVersion = created ? firstItemVersion(now) : version + 1;
    return { created, product: { sku, name, unitPrice, currency, itemVersion, updatedAt, updatedBy } };
  }

  /**
   * Removes a product. The record of a removal holds nothing but the old image, so who removes it is written first:
   * `removedBy`, which {@link put} takes back. Then it goes, unless somebody changed it in between.
   */
  async remove(sku: string, removedBy: string): Promise<'removed' | 'not-found' | 'changed'> {
    const marked = await conditionalWrite(
      this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { sku },
          UpdateExpression: 'SET removedBy = :by, updatedBy = :by, updatedAt = :at ADD itemVersion :one',
          ConditionExpression: 'attribute_exists(sku)',
          ExpressionAttributeValues: { ':by': removedBy, ':at': new Date().toISOString(), ':one': 1 },
          ReturnValues: 'UPDATED_NEW',
        }),
      ),
    );
    if (!marked.written) return 'not-found';
    const removed = await conditionalWrite(
      this.#client.send(
        new DeleteCommand({
          TableName: this.#table,
          Key: { sku },
          ConditionExpression: 'attribute_not_exists(sku) OR itemVersion = :version',
          ExpressionAttributeValues: { ':version': marked.answer.Attributes?.['itemVersion'] },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      ),
    );
    return removed.written ? 'removed' : 'changed';
  }
}
