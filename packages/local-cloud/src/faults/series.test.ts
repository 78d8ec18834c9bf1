import { MovableClock } from '../clock.ts';
import type { Fault } from './fault.ts';
import { parseFaultPlan } from './fault-plan.ts';
import { Series } from './series.ts';
import type { Site } from './site.ts';

const SITE: Site = {
  service: 'dynamodb',
  operation: 'PutItem',
  functionName: 'shop-order-api',
  mayRepeat: true,
};

const clock = new MovableClock();
afterAll(() => clock.stop());

function seriesOf(changed: object = {}, seed = 7): Series {
  const fault = { service: 'dynamodb', probability: 1, kind: 'throttle', ...changed };
  const [parsed] = parseFaultPlan({ seed, faults: [fault] }).faults;
  return new Series(parsed as Fault, seed, clock);
}

/** Numbers of the calls that are struck. */
function struck(series: Series, calls: number, site = SITE): number[] {
  const numbers = Array.from({ length: calls }, (_none, index) => index + 1);
  return numbers.filter(() => series.consider(site) !== undefined);
}

it('a fault of probability 1 strikes every call, one of probability 0 none', () => {
  expect(struck(seriesOf({ probability: 1 }), 1000)).toHaveLength(1000);
  expect(struck(seriesOf({ probability: 0 }), 1000)).toHaveLength(0);
});

it('the same seed strikes the same calls, whatever lies between them; another seed strikes others', () => {
  const fault = { probability: 0.3 };
  const first = struck(seriesOf(fault), 200);
  const mixed = seriesOf(fault);
  const others = Array.from({ length: 200 }, (_none, index) => index + 1).filter(() => {
    mixed.consider({ ...SITE, service: 'sqs' });
    return mixed.consider(SITE) !== undefined;
  });

  expect(others).toEqual(first);
  expect(struck(seriesOf(fault, 8), 200)).not.toEqual(first);
  expect(struck(seriesOf({ ...fault, name: 'other' }), 200)).not.toEqual(first);
});

it('a fault strikes no more than it may', () => {
  const series = seriesOf({ probability: 0.5, most: 3 });

  expect(struck(series, 100)).toHaveLength(3);
  expect(series.strikes().struck).toBe(3);
});

it('a fault has its time, by the cloud’s clock from the start', async () => {
  const series = seriesOf({ after: 60, until: 120 });
  const before = struck(series, 2);
  await clock.advance(60_000);
  const during = struck(series, 2);
  await clock.advance(60_000);
  const afterwards = struck(series, 2);

  expect([before, during, afterwards]).toEqual([[], [1, 2], []]);
  expect(series.strikes().considered).toBe(2);
});

it.each<[fault: object, site: Partial<Site>, isMeant: boolean]>([
  [{}, {}, true],
  [{}, { service: 'sqs' }, false],
  [{ operation: 'PutItem' }, {}, true],
  [{ operation: 'GetItem' }, {}, false],
  [{ function: 'shop-order-api' }, {}, true],
  [{ function: 'order-api' }, {}, true],
  [{ function: 'api' }, {}, true],
  [{ function: 'der-api' }, {}, false],
  [{ function: 'shop' }, {}, false],
  [{ function: 'shop-*' }, {}, true],
  [{ function: '*order*' }, {}, true],
  [{ function: 'order*' }, {}, false],
  [{ function: 'shop.order*' }, {}, false],
  [{ function: '*' }, {}, true],
  [{ function: '*' }, { functionName: undefined }, false],
  [{}, { functionName: undefined }, true],
  [{ kind: 'duplicate' }, {}, true],
  [{ kind: 'duplicate' }, { mayRepeat: false }, false],
  [{ kind: 'reorder', service: 'lambda' }, { service: 'lambda' }, false],
  [{ kind: 'reorder', service: 'lambda' }, { service: 'lambda', lane: 'a' }, true],
])('the fault %j and the call %j: meant is %s', (fault, site, isMeant) => {
  expect(struck(seriesOf(fault), 1, { ...SITE, ...site })).toHaveLength(isMeant ? 1 : 0);
});

it('strikes are counted in all and by where they were', () => {
  const series = seriesOf({ probability: 0.5, name: 'busy' });
  const puts = struck(series, 10).length;
  const gets = struck(series, 20, { ...SITE, operation: 'GetItem', functionName: undefined }).length;

  expect(puts * gets).toBeGreaterThan(0);
  const { service, operation, functionName } = SITE;
  expect(series.strikes()).toEqual({
    name: 'busy',
    kind: 'throttle',
    probability: 0.5,
    considered: 30,
    struck: puts + gets,
    sites: [
      { service, operation, functionName, considered: 10, struck: puts },
      { service, operation: 'GetItem', functionName: undefined, considered: 20, struck: gets },
    ],
  });
});

it('delays are spread over their range, and the same in each run', () => {
  const delays = () => {
    const series = seriesOf();
    return Array.from({ length: 1000 }, () => series.consider(SITE)!.delay([100, 200]));
  };
  const first = delays();

  expect(Math.min(...first)).toBeLessThan(102);
  expect(Math.max(...first)).toBeGreaterThan(198);
  expect(Math.max(...first)).toBeLessThan(200);
  expect(delays()).toEqual(first);
  expect(seriesOf().consider(SITE)!.delay(5)).toBe(5);
});
