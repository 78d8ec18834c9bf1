import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { answerAs, askPublicApi } from '../ask-api.ts';
import type { LawResult } from '../check/laws.ts';
import { CATALOGUE } from '../sample/catalogue.ts';
import type { Session } from '../session.ts';

const shown = z.object({ sku: z.string(), unitPrice: z.string() });
const found = z.object({ products: z.array(shown) });

/**
 * What cache and search say of the catalogue, judged by the table: the newest version wins in both, however late an older
 * one comes.
 */
export async function readModels(session: Session, signal: AbortSignal): Promise<LawResult> {
  const prices = await pricesInTable(session);
  const violations: string[] = [];
  const expect = (where: string, sku: string, unitPrice: string) => {
    const should = prices.get(sku);
    if (should !== unitPrice)
      violations.push(`${where} has ${sku} for ${unitPrice}, the table for ${should ?? 'nothing'}`);
  };
  for (const { sku } of CATALOGUE) {
    const path = `/products/${encodeURIComponent(sku)}`;
    expect('the cache', sku, answerAs(shown, await askPublicApi(session, { path, signal }), path).unitPrice);
  }
  const missing = new Set(prices.keys());
  for (let page = 1; ; page += 1) {
    const question = { path: '/products', query: { page: String(page), size: '100' }, signal };
    const { products } = answerAs(found, await askPublicApi(session, question), 'GET /products');
    for (const { sku, unitPrice } of products) {
      expect('the search', sku, unitPrice);
      missing.delete(sku);
    }
    if (products.length < 100) break;
  }
  violations.push(...[...missing].map((sku) => `the search does not have ${sku}`));
  return {
    law: 7,
    name: 'Read models',
    checked: prices.size,
    of: 'products in cache and search',
    violations,
  };
}

async function pricesInTable({ documents, tables }: Session): Promise<Map<string, string>> {
  const { Items = [] } = await documents.send(
    new ScanCommand({ TableName: tables.products, ConsistentRead: true }),
  );
  return new Map(
    z
      .array(shown)
      .parse(Items)
      .map(({ sku, unitPrice }) => [sku, unitPrice]),
  );
}
