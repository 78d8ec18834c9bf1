import { PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { openBucket } from './archive/bucket.ts';
import { listed } from './archive/lines.ts';
import { runCommand } from './testing/command.ts';
import { ask } from './testing/resp.ts';
import { openShop, type TestShop } from './testing/shop.ts';

jest.setTimeout(120_000);

/** What the shop knows of a person, each of it nowhere else. */
const person = (name: string) => ({
  customerId: `customer-${name}`,
  email: `${name}@shop.example`,
  phone: name === 'ada' ? '+44 20 7946 0815' : '+44 20 7946 0000',
  paymentToken: 'tok_approve',
  trace: 'Root=1-5759e988-bd862e3fe1be46a994272793',
  shippingAddress: { name, line1: `1 ${name} Street`, city: 'Leeds', country: 'France' },
  country: 'France',
});
const ADA = /ada@|customer-ada|7946 ?0815|ada Street|"ada"/g;

describe('a customer who is forgotten', () => {
  let shop: TestShop;
  beforeAll(async () => {
    shop = await openShop();
    await shop.receive('goods', { MUG: 1_000 });
  });
  afterAll(() => shop.close());

  const orders = async (...args: string[]) => {
    const port = new URL(shop.session.cloud.endpoint).port;
    const { stdout, code } = await runCommand(...args, '--port', port, '--json');
    return { code, document: JSON.parse(stdout) as Record<string, unknown> };
  };

  it('is in no table, no cache entry and no object of the archive any more; others are', async () => {
    const shipped = await shop.place(person('ada'));
    const declined = await shop.place({ ...person('ada'), paymentToken: 'tok_decline' });
    const other = await shop.place(person('bob'));
    await viewed(shop, 'customer#customer-ada');
    await viewed(shop, 'customer#customer-bob');
    await shop.settled(other);
    expect((await everything(shop)).match(ADA)).not.toBeNull();

    const { code, document } = await orders('forget', 'customer-ada', '--yes');
    await shop.cloud.settled();

    const left = await everything(shop);
    expect(left.match(ADA) ?? []).toEqual([]);
    expect(left).toMatch(/bob@shop\.example/);
    expect(code).toBe(0);
    expect(document).toMatchObject({
      orders: expect.arrayContaining([shipped, declined]),
      kept: [],
      removed: { orders: 2, activity: 1, cache: 2 },
    });
    const again = await orders('forget', 'customer-ada', '--yes');
    expect(again.document).toMatchObject({
      removed: { orders: 0, activity: 0, cache: 0, archive: { objects: 0, lines: 0 } },
    });
    expect(await shop.violations()).toEqual([]);
  });

  it('keeps an order that has not ended, and is told so', async () => {
    const shipped = await shop.place(person('eve'));
    await shop.settled(shipped);
    const { documents, tables } = shop.session;
    const Item = {
      orderId: 'standing',
      status: 'BOGUS',
      itemVersion: 1,
      customerId: 'customer-eve',
      placedAt: 'x',
    };
    await documents.send(new PutCommand({ TableName: tables.orders, Item }));

    const { code, document } = await orders('forget', 'customer-eve', '--yes');

    expect(code).toBe(1);
    expect(document).toMatchObject({ orders: [shipped], kept: [{ orderId: 'standing', status: 'BOGUS' }] });
  });

  it('has a history all the same, without who it was', async () => {
    const orderId = await shop.place(person('kim'));
    await shop.settled(orderId);
    await orders('forget', 'customer-kim', '--yes');
    await shop.cloud.settled();

    const { document, code } = await orders('history', orderId);

    const changes = document['changes'] as { who: string; kind: string; itemVersion: number }[];
    expect(code).toBe(0);
    expect(changes.map(({ who }) => who)).toEqual(
      expect.arrayContaining(['test', 'process-payment', 'update-inventory', 'ship-order', 'forget']),
    );
    expect(changes[0]).toMatchObject({ kind: 'INSERT', who: 'test' });
    expect(changes.slice(-2)).toMatchObject([{ who: 'forget' }, { who: 'forget' }]);
    const versions = changes.map(({ itemVersion }) => itemVersion);
    expect(versions).toEqual(versions.map((_, index) => (versions[0] ?? 0) + index));
    expect(JSON.stringify(document)).not.toMatch(/kim/);
  });
});

async function viewed({ session }: TestShop, who: string): Promise<void> {
  const moment = `${new Date().toISOString()}#a`;
  const Item = { who, moment, type: 'view', sku: 'MUG', occurredAt: moment.split('#')[0], expiresAt: 4e9 };
  await session.documents.send(new PutCommand({ TableName: session.status.outputs['activity_table'], Item }));
}

/** All that tables, archive and cache hold, as one text. */
async function everything({ cloud, session }: TestShop): Promise<string> {
  const tables = await Promise.all(
    cloud.stack.tables.map(async ({ name }) => {
      const { Items = [] } = await session.documents.send(new ScanCommand({ TableName: name }));
      return JSON.stringify(Items);
    }),
  );
  const bucket = await openBucket(session, 'archive_bucket');
  const objects = await listed(bucket.list(''));
  const texts = await Promise.all(objects.map(async ({ key }) => (await bucket.read(key))?.text ?? ''));
  bucket.close();
  return [...tables, ...texts, await cached(cloud)].join('\n');
}

async function cached({ stack }: TestShop['cloud']): Promise<string> {
  const api = stack.functions.find(({ name }) => name.endsWith('-order-api'));
  const url = new URL(api?.environment['CACHE_URL'] ?? '');
  const entries: unknown[] = [];
  for (let count = 1; count <= 20; count += 1)
    entries.push(await ask(url, 'ZRANGE', `order#order-${count}`, '0', '-1'));
  return JSON.stringify(entries);
}
