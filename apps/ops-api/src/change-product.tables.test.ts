import { describeOnTables, Engine } from '@orderstream/test-engine';
import { ask } from './testing/requests.ts';
import { Tables } from './testing/tables.ts';

describeOnTables('the catalogue and its goods', () => {
  let engine: Engine;
  let tables: Tables;
  let opened = 0;

  beforeAll(async () => {
    engine = await Engine.start();
  });

  beforeEach(async () => {
    tables = await Tables.open(engine.endpoint, String((opened += 1)));
  });

  afterAll(() => engine.stop());

  const MUG = { name: 'Mug, blue', unitPrice: '9.50' };
  const put = (sku: string, body: object = MUG) =>
    ask(tables, 'PUT /products/{sku}', { path: { sku }, body });
  const remove = (sku: string) => ask(tables, 'DELETE /products/{sku}', { path: { sku } });
  const receive = (sku: string, receipt: string, quantity: number) =>
    ask(tables, 'POST /products/{sku}/receipts', { path: { sku }, body: { receipt, quantity } });

  it.each(['MUG', 'TEA 50', 'A#1 %2F+é'])('%j is created, and then replaced', async (sku) => {
    const before = Date.now();
    const first = await put(sku);
    const second = await put(sku, { name: ' Mug ', unitPrice: '0.001', currency: 'GBP' });

    expect(first.status).toBe(201);
    expect(first.headers).toMatchObject({ location: `/products/${encodeURIComponent(sku)}` });
    expect(first.body).toMatchObject({ sku, ...MUG, currency: 'GBP', updatedBy: 'staff:ada' });
    expect(first.body.itemVersion).toBeGreaterThanOrEqual(before);
    expect(second.status).toBe(200);
    expect(second.body).toMatchObject({ name: 'Mug', unitPrice: '0.001' });
    expect(second.body.itemVersion).toBe(first.body.itemVersion + 1);
    expect(await tables.get('products', { sku })).toEqual(second.body);
  });

  it('an AWS identity that signs is named as the writer', async () => {
    const caller = { user: 'AROAEXAMPLE:grace' };
    await ask(tables, 'PUT /products/{sku}', { path: { sku: 'MUG' }, body: MUG, caller });

    expect(await tables.get('products', { sku: 'MUG' })).toMatchObject({
      updatedBy: 'staff:AROAEXAMPLE:grace',
    });
  });

  it('a removed product is gone, its stock is not', async () => {
    await put('MUG');
    await receive('MUG', 'DN-1', 5);

    expect(await remove('MUG')).toMatchObject({ status: 204, body: null });

    expect(await tables.get('products', { sku: 'MUG' })).toBeUndefined();
    expect(await tables.get('stock', { sku: 'MUG' })).toMatchObject({ available: 5 });
    expect(await remove('MUG')).toMatchObject({ status: 404 });
    expect(await receive('MUG', 'DN-2', 5)).toMatchObject({ status: 404 });
  });

  it('the version rises through removal and re-creation', async () => {
    const { body: first } = await put('MUG');
    await remove('MUG');
    const { body: second } = await put('MUG');

    expect(second.itemVersion).toBeGreaterThan(first.itemVersion);
  });

  it('who removes a product stands in the item as it was last', async () => {
    await put('MUG');
    const { body: kept } = await put('MUG');
    let last: Record<string, unknown> | undefined;

    await tables.beforeDelete(
      async () => (last = await tables.get('products', { sku: 'MUG' })),
      () => ask(tables, 'DELETE /products/{sku}', { path: { sku: 'MUG' }, caller: { user: 'grace' } }),
    );

    expect(last).toMatchObject({ removedBy: 'staff:grace', itemVersion: kept.itemVersion + 1 });
  });

  it('a product that somebody writes while it is being removed stays, and who wanted it gone is told', async () => {
    await put('MUG');

    const { status, body } = await tables.beforeDelete(
      () => put('MUG', { ...MUG, name: 'Mug, red' }),
      () => remove('MUG'),
    );

    expect({ status, type: body.type }).toEqual({
      status: 409,
      type: 'urn:orderstream:problem:changed-meanwhile',
    });
    const product = await tables.get('products', { sku: 'MUG' });
    expect(product).toMatchObject({ name: 'Mug, red' });
    expect(product).not.toHaveProperty('removedBy');
  });

  it('goods that come in make a movement and stock, once', async () => {
    await put('TEA 50');

    const first = await receive('TEA 50', 'DN-1', 5);
    const again = await receive('TEA 50', 'DN-1', 5);

    expect(first).toMatchObject({ status: 201, body: { receipt: 'DN-1', sku: 'TEA 50', quantity: 5 } });
    expect(again).toMatchObject({ status: 200, body: first.body });
    expect(await tables.get('allocations', { orderId: 'receipt#DN-1', chunk: 0 })).toEqual({
      orderId: 'receipt#DN-1',
      chunk: 0,
      state: 'received',
      quantities: [{ sku: 'TEA 50', quantity: 5 }],
      at: first.body.at,
    });
    expect(await tables.get('stock', { sku: 'TEA 50' })).toEqual({
      sku: 'TEA 50',
      available: 5,
      received: 5,
      allocated: 0,
      shipped: 0,
      itemVersion: expect.any(Number),
      updatedAt: first.body.at,
      updatedBy: 'staff:ada',
    });
  });

  it('more goods are added to what is there', async () => {
    await put('MUG');
    await receive('MUG', 'DN-1', 5);
    const { itemVersion } = (await tables.get('stock', { sku: 'MUG' })) ?? {};

    await receive('MUG', 'DN-2', 7);

    expect(await tables.get('stock', { sku: 'MUG' })).toMatchObject({
      available: 12,
      received: 12,
      itemVersion: itemVersion + 1,
    });
  });

  it.each([
    ['MUG', 6],
    ['TEA', 5],
  ])('a receipt that brought other goods than %s, %i is refused', async (sku, quantity) => {
    await put('MUG');
    await put('TEA');
    await receive('MUG', 'DN-1', 5);

    const { status, body } = await receive(sku, 'DN-1', quantity);

    expect(status).toBe(409);
    expect(body.detail).toMatch(
      /^Receipt DN-1 brought other goods on .*: 5 of MUG\. Use a new name for these\.$/,
    );
    expect(await tables.get('stock', { sku: 'MUG' })).toMatchObject({ available: 5 });
    expect(await tables.get('stock', { sku: 'TEA' })).toBeUndefined();
  });

  it('goods of an unknown product leave no trace', async () => {
    const { status, body } = await receive('NONE', 'DN-1', 5);

    expect({ status, detail: body.detail }).toEqual({
      status: 404,
      detail: 'There is no product NONE. Create it with PUT /products/{sku}.',
    });
    expect(await tables.get('allocations', { orderId: 'receipt#DN-1', chunk: 0 })).toBeUndefined();
    expect(await tables.get('stock', { sku: 'NONE' })).toBeUndefined();
  });

  it('the same receipt sent by many at once brings its goods once', async () => {
    await put('MUG');

    const answers = await Promise.all(Array.from({ length: 8 }, () => receive('MUG', 'DN-1', 5)));

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 200, 200, 201]);
    expect(await tables.get('stock', { sku: 'MUG' })).toMatchObject({ available: 5, received: 5 });
  });
});
