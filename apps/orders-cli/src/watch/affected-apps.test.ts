import { affectedApps } from './affected-apps.ts';
import { functionsByApp } from './watch-functions.ts';

const apps = ['order-api', 'ship-order'];

it.each([
  ['an app’s source', 'apps/ship-order/src/ship.ts', ['ship-order']],
  ['a source in a folder', 'apps/ship-order/src/carrier/port.ts', ['ship-order']],
  ['a source that all share', 'packages/domain/src/money.ts', apps],
  ['the kit', 'packages/lambda-kit/src/clients.ts', apps],
  ['a test', 'apps/ship-order/src/ship.test.ts', []],
  ['what tests share', 'packages/domain/src/an-order.fixture.ts', []],
  ['a test’s helper', 'apps/ship-order/src/testing/carrier.ts', []],
  ['what is built', 'apps/ship-order/dist/index.cjs', []],
  ['an app without a bundle', 'apps/orders-cli/src/main.ts', []],
  ['a package that is in no bundle', 'packages/local-cloud/src/cloud.ts', []],
])('a change of %s builds the apps it is in', (_what, path, expected) => {
  expect(affectedApps(path, apps)).toEqual(expected);
});

it('finds an app’s function by the end of its name', () => {
  const functions = functionsByApp([...apps, 'orders-cli'], ['shop-dev-order-api', 'shop-dev-ship-order']);

  expect([...functions]).toEqual([
    ['order-api', 'shop-dev-order-api'],
    ['ship-order', 'shop-dev-ship-order'],
  ]);
});
