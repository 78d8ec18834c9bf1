import { MovableClock } from '../clock.ts';
import { mappingOf, MemoryStream } from './mappings.fixture.ts';
import { giveUp } from './give-up.ts';

it('an on-failure destination that refuses is tried five times, and not waited for after the last', async () => {
  const clock = new MovableClock();
  const waits: number[] = [];
  jest.spyOn(clock, 'sleep').mockImplementation(async (delayMs) => void waits.push(delayMs));
  const problems: string[] = [];
  const stream = new MemoryStream(clock);
  stream.append('a');

  await giveUp(
    {
      mapping: mappingOf({ onFailureDestination: 'arn:aws:s3:::failures' }),
      stream,
      clock,
      deliverFailure: () => Promise.reject(new Error('There is no such bucket.')),
    },
    {
      batch: stream.read(0, 1),
      discard: { condition: 'RecordAgeExceeded', invocations: 1 },
      requestId: undefined,
      payload: '{}',
    },
    (problem) => problems.push(problem),
  );

  expect(waits).toEqual([100, 200, 400, 800]);
  expect(problems).toEqual(Array(5).fill('On-failure destination: Error: There is no such bucket.'));
});
