import type { ProductSnapshot } from '@orderstream/domain';

type Item = Record<string, unknown> & { itemVersion: number };

/** Products and stock in memory. */
export class FakeTables {
  readonly products = new Map<string, Item>();
  readonly stock = new Map<string, Item>();
  /** Is waited for before a product is read. */
  before: (sku: string) => Promise<void> = async () => undefined;
  readonly pageSize = 3;

  readonly read = async (sku: string): Promise<ProductSnapshot> => {
    await this.before(sku);
    return { sku, product: this.products.get(sku), stock: this.stock.get(sku) };
  };

  readonly page = async (after: string | undefined) => {
    const all = [...this.products.keys()].toSorted();
    const rest = after === undefined ? all : all.filter((sku) => sku > after);
    const skus = rest.slice(0, this.pageSize);
    const last = skus.at(-1);
    return rest.length <= this.pageSize || last === undefined ? { skus } : { skus, next: last };
  };

  /** Writes a product as the staff does: its version rises with every write. */
  write(sku: string, change: Record<string, unknown> = {}): void {
    const before = this.products.get(sku);
    const usual = { sku, name: `Product ${sku}`, unitPrice: '4.25', currency: 'GBP', updatedAt: AT };
    this.products.set(sku, {
      ...usual,
      ...before,
      ...change,
      itemVersion: (before?.itemVersion ?? this.#first()) + 1,
    });
  }

  /** @returns the version that its removal is told of in. */
  remove(sku: string): number {
    const version = this.products.get(sku)?.itemVersion ?? 0;
    this.products.delete(sku);
    return version + 1;
  }

  receive(sku: string, available: number): void {
    this.stock.set(sku, { sku, available, itemVersion: (this.stock.get(sku)?.itemVersion ?? 0) + 1 });
  }

  #created = 1_000;
  #first(): number {
    return (this.#created += 1_000);
  }
}

const AT = '2026-01-01T00:00:00.000Z';
