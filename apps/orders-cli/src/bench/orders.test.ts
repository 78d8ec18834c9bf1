import { setImmediate as nextTurn } from 'node:timers/promises';
import { measureThroughput } from './orders.ts';

it('a measurement that is broken off leaves nothing behind that fails later', async () => {
  const journal = Promise.withResolvers<never>();
  const cloud = { memoryMb: async () => 1, session: { cloud: { journal: () => journal.promise } } };
  const options = { orders: 1, signal: AbortSignal.abort(new Error('Ctrl-C')), say: () => undefined };

  await expect(measureThroughput(cloud as never, options)).rejects.toThrow('Ctrl-C');
  journal.reject(new Error('The cloud has ended.'));

  // An error that nobody hears fails the test.
  await nextTurn();
});
