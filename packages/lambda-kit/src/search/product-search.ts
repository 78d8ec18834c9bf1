import { MOST_SHOWN, PRICE_RANGES, productQuery, type ProductWish } from './product-query.ts';
import { at, listAt, SearchRefused, type SearchService } from './search-service.ts';

/** Alias of the index that is searched. */
export const PRODUCTS_ALIAS = 'products';

export interface FoundProduct {
  readonly sku: string;
  readonly name: string;
  readonly unitPrice: string;
  readonly currency: string;
  readonly inStock: boolean;
}

/** One page of what was found, and how all of it divides. */
export interface FoundProducts {
  readonly total: number;
  readonly products: readonly FoundProduct[];
  readonly facets: {
    readonly price: readonly { readonly from?: number; readonly to?: number; readonly count: number }[];
    readonly inStock: { readonly yes: number; readonly no: number };
  };
}

/** The search for products. */
export class ProductSearch {
  readonly #service: Pick<SearchService, 'call'>;

  constructor(service: Pick<SearchService, 'call'>) {
    this.#service = service;
  }

  /** @throws SearchUnavailable; Error for a page beyond {@link MOST_SHOWN}. */
  async search(wish: ProductWish): Promise<FoundProducts> {
    if (wish.page * wish.size > MOST_SHOWN) {
      throw new Error(`Page ${wish.page} of ${wish.size} is beyond ${MOST_SHOWN} products. Ask for less.`);
    }
    return readAnswer(await this.#answer(wish));
  }

  /** Until the first product is indexed there is no index: nothing is found. */
  async #answer(wish: ProductWish): Promise<unknown> {
    try {
      const body = productQuery(wish);
      return await this.#service.call({ method: 'POST', path: `/${PRODUCTS_ALIAS}/_search`, body });
    } catch (error) {
      if (error instanceof SearchRefused && error.type === 'index_not_found_exception') return undefined;
      throw error;
    }
  }
}

function readAnswer(answer: unknown): FoundProducts {
  const ranges = listAt(answer, 'aggregations', 'price', 'buckets');
  const stocked = listAt(answer, 'aggregations', 'inStock', 'buckets');
  const countOf = (known: boolean) =>
    numberOf(
      at(
        stocked.find((bucket) => at(bucket, 'key_as_string') === String(known)),
        'doc_count',
      ),
    );
  return {
    total: numberOf(at(answer, 'hits', 'total', 'value')),
    products: listAt(answer, 'hits', 'hits').map((hit) => foundProduct(at(hit, '_source'))),
    facets: {
      price: PRICE_RANGES.map((range) => {
        const bucket = ranges.find((each) => at(each, 'from') === range.from && at(each, 'to') === range.to);
        return { ...range, count: numberOf(at(bucket, 'doc_count')) };
      }),
      inStock: { yes: countOf(true), no: countOf(false) },
    },
  };
}

function foundProduct(source: unknown): FoundProduct {
  const text = (name: string) => String(at(source, name) ?? '');
  return {
    sku: text('sku'),
    name: text('name'),
    unitPrice: text('unitPrice'),
    currency: text('currency'),
    inStock: at(source, 'inStock') === true,
  };
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
