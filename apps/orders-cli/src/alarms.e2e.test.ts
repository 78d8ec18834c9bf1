import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FaultPlan } from '@orderstream/local-cloud';
import { alarmsPage, PAGE } from './alarms/page.ts';
import { WHAT_RINGS, withoutPrefix, type Ringing } from './alarms/what-rings.ts';
import { ROOT } from './prepare.ts';
import { outputOf } from './session.ts';
import { openShop, type TestShop } from './testing/shop.ts';

jest.setTimeout(240_000);

const MINUTE_MS = 60_000;
/** Each row has so many hours of the cloud's clock for itself: what an earlier one began has ended by then. */
const HOURS_EACH = 12;
/** Steps in which time passes: shorter than a period. */
const STEP_MS = MINUTE_MS;

const startOf = (row: number) => (row + 1) * HOURS_EACH;

const FAULTS: FaultPlan = {
  seed: 1,
  faults: WHAT_RINGS.flatMap(({ faults = [], minutes = 0 }, row) => {
    const after = startOf(row) * 3_600;
    return faults.map((fault) => ({ ...fault, after, until: after + minutes * 60 }));
  }),
};

let shop: TestShop;
let startedAt: number;
beforeAll(async () => {
  shop = await openShop({ faults: FAULTS });
  startedAt = shop.cloud.clock.now();
  await shop.receive('goods', { MUG: 10_000 });
  await shop.cloud.settled();
});
afterAll(() => shop.close());

it('there is a row for each alarm of the stack, and for no other', () => {
  const rows = WHAT_RINGS.flatMap(({ alarms }) => alarms);

  expect(rows.toSorted()).toEqual(namesOf(shop.cloud.alarms.states()).toSorted());
});

it(`${PAGE} is up to date (node apps/orders-cli/src/write-alarms.ts writes it)`, () => {
  expect(readFileSync(join(ROOT, PAGE), 'utf8')).toBe(alarmsPage(shop.cloud.alarms.states()));
});

it('each alarm names a runbook that is there', () => {
  for (const { description } of shop.cloud.alarms.states()) {
    const [, runbook = ''] = /Runbook: (\S+\.md)$/.exec(description) ?? [];
    expect(existsSync(join(ROOT, runbook)) ? runbook : description).toMatch(/^docs\/operating\//);
  }
});

it('no alarm rings while all is well', async () => {
  await somethingHappens();
  await ask();
  for (let order = 1; order < 20; order += 1) await shop.place({ email: 'ada@example.com' });
  expect(await shop.settled(await shop.place())).toMatchObject({ status: 'SHIPPED' });
  await passes(() => minutesSince(startedAt) >= 90);

  expect(ringing()).toEqual([]);
});

it.each(WHAT_RINGS.map((ringing, row) => ({ ...ringing, row, names: ringing.alarms.join(', ') })))(
  '$names: $how',
  async (row) => {
    const beginning = startedAt + startOf(row.row) * 60 * MINUTE_MS;
    await shop.session.cloud.clock(beginning - shop.cloud.clock.now());
    hasRung = new Set(ringing());
    for (const name of row.alarms) expect(hasRung).not.toContain(name);

    await happens(row);
    await passes(() => row.alarms.every((name) => hasRung.has(name)));
  },
);

/** Names of the alarms that have rung since the row began: one may end while another is waited for. */
let hasRung = new Set<string>();

async function happens({ trouble }: Ringing): Promise<void> {
  switch (trouble.kind) {
    case 'unreadable order':
      await shop.place({ status: 'placed' as never });
      return;
    case 'orders':
      for (let order = 0; order < trouble.count; order += 1)
        await shop.place(trouble.paymentToken === undefined ? {} : { paymentToken: trouble.paymentToken });
      return;
    case 'orders during':
      return during(trouble.minutes, somethingHappens);
    case 'requests during':
      return during(trouble.minutes, ask);
    case 'paused': {
      await switched(trouble.apps, false);
      await somethingHappens();
      const pausedAt = shop.cloud.clock.now();
      await passes(() => minutesSince(pausedAt) >= trouble.minutes);
      await switched(trouble.apps, true);
    }
  }
}

/** An order, a product with another price, and a visit: something for every function that reads changes or events. */
async function somethingHappens(): Promise<void> {
  await shop.place({ email: 'ada@example.com' });
  price += 1;
  await staff('/products/MUG', 'PUT', { name: 'Mug', unitPrice: `${price}.50` });
  await customers('/activity', 'POST', {
    sessionId: 'session-of-a-guest-1',
    activities: [{ type: 'view', sku: 'MUG' }],
  });
}
let price = 0;

async function ask(): Promise<void> {
  await customers('/products');
  await staff('/sales');
}

function customers(path: string, method = 'GET', body?: object): Promise<Response> {
  return fetch(outputOf(shop.session, 'api_url') + path, { method, ...json(body) });
}

async function staff(path: string, method = 'GET', body?: object): Promise<Response> {
  const authorization = `Bearer ${await shop.session.cloud.token('ada', ['staff'])}`;
  return fetch(outputOf(shop.session, 'staff_api_url') + path, { method, ...json(body, { authorization }) });
}

function json(body: object | undefined, headers: Readonly<Record<string, string>> = {}): RequestInit {
  if (body === undefined) return { headers };
  return { headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** Pauses the mappings of these functions, or resumes them. */
async function switched(apps: readonly string[], enabled: boolean): Promise<void> {
  const { mappings } = shop.cloud;
  for (const { id, functionName } of mappings.states())
    if (apps.includes(withoutPrefix(functionName)))
      await (enabled ? mappings.resume(id) : mappings.pause(id));
}

/** Does it every two minutes, for so many minutes. */
async function during(minutes: number, work: () => Promise<void>): Promise<void> {
  const from = shop.cloud.clock.now();
  for (let next = 0; next < minutes; next += 2) {
    await work();
    await passes(() => minutesSince(from) >= next + 2);
  }
}

/** Moves the clock on, step by step, until it is so; what runs ends before time goes on. */
async function passes(isSo: () => boolean): Promise<void> {
  const from = shop.cloud.clock.now();
  while (!isSo()) {
    await shop.session.cloud.clock(STEP_MS);
    for (const name of ringing()) hasRung.add(name);
    if (minutesSince(from) > (HOURS_EACH / 2) * 60)
      throw new Error(`It did not happen. ${JSON.stringify(shop.cloud.alarms.states(), undefined, 1)}`);
  }
}

function minutesSince(at: number): number {
  return (shop.cloud.clock.now() - at) / MINUTE_MS;
}

function ringing(): string[] {
  return namesOf(shop.cloud.alarms.states().filter(({ state }) => state === 'ALARM'));
}

function namesOf(alarms: readonly { readonly name: string }[]): string[] {
  return alarms.map(({ name }) => withoutPrefix(name));
}
