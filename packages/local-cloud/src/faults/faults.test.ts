import { MovableClock } from '../clock.ts';
import { InFlight } from '../in-flight.ts';
import type { Fault } from './fault.ts';
import { faultsPath } from './faults-path.ts';
import { Faults } from './faults.ts';
import { faultsBench } from './faults.fixture.ts';

const stack = { functions: [{ name: 'shop-api' }, { name: 'shop-sales' }], mappings: [] };
const clock = new MovableClock();
afterAll(() => clock.stop());
const faultsOf = (fault: Fault) =>
  new Faults({ plan: { seed: 7, faults: [fault] }, clock, inFlight: new InFlight(), stack });

it('a function that the stack does not have is refused with those that it has', () => {
  const fault: Fault = { service: 'lambda', kind: 'throttle', probability: 1, function: 'sale' };

  expect(() => faultsOf(fault)).toThrow(
    'throttle lambda of sale: function "sale" means none of the stack; allowed: shop-api, shop-sales.',
  );
});

it('a kill is refused where nothing is kept', () => {
  expect(() => faultsOf({ service: 's3', kind: 'kill', probability: 1 })).toThrow(
    'kill s3: kind "kill" is only for a cloud that keeps its state: start it with --state DIR.',
  );
});

it('a plan that a test wrote is checked as a file is', () => {
  const fault: Fault = { service: 's3', kind: 'throttle', probability: 2 };

  expect(() => faultsOf(fault)).toThrow('faults[0].probability: 2 is not allowed');
});

it('/_local/faults shows the seed and the strikes', async () => {
  const bench = faultsBench([{ service: 'targets', kind: 'duplicate', probability: 1, name: 'twice' }]);
  const nothing = async () => undefined;
  const outlets = { sendMessage: nothing, publish: nothing, invokeAsync: nothing, startExecution: nothing };
  await bench.faults.outlets(outlets).sendMessage();
  bench.stop();

  const answer = await faultsPath(bench.faults)({
    method: 'GET',
    path: '/',
    query: new URLSearchParams(),
    body: Buffer.of(),
  });

  expect(JSON.parse(String(answer.body))).toEqual({
    seed: 7,
    faults: [
      {
        name: 'twice',
        kind: 'duplicate',
        probability: 1,
        considered: 1,
        struck: 1,
        sites: [{ service: 'targets', operation: 'SendMessage', considered: 1, struck: 1 }],
      },
    ],
  });
});

it('/_local/faults shows none where none were given', async () => {
  const query = new URLSearchParams();
  const answer = await faultsPath(undefined)({ method: 'GET', path: '/', query, body: Buffer.of() });

  expect(JSON.parse(String(answer.body))).toEqual({ seed: null, faults: [] });
});
