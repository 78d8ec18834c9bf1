import { clockPath } from './clock-path.ts';
import { MovableClock } from './clock.ts';

const clock = new MovableClock();
afterAll(() => clock.stop());

const ask = async (method: string, body = '', functions = { atRest: async () => true }) => {
  const answer = await clockPath(
    clock,
    functions,
  )({
    method,
    path: '/',
    query: new URLSearchParams(),
    body: Buffer.from(body),
  });
  return JSON.parse(answer.body.toString()) as { now: string; aheadMs: number };
};

it('tells the time, and moves it', async () => {
  const before = await ask('GET');
  const fired: string[] = [];
  clock.setTimeout(() => fired.push('minute'), 60_000);

  const after = await ask('POST', '{"advanceMs":3600000}');

  expect(Date.parse(after.now) - Date.parse(before.now)).toBeGreaterThanOrEqual(3_600_000);
  expect(after.aheadMs - before.aheadMs).toBeGreaterThan(3_599_000);
  expect(fired).toEqual(['minute']);
});

it.each(['', '{}', '{"advanceMs":-1}', '{"advanceMs":"1h"}', '{"advanceMs":1e15}', '{"advanceMs":1,"to":2}'])(
  'refuses %j',
  async (body) => {
    await expect(ask('POST', body)).rejects.toThrow(/The clock is moved by \{"advanceMs": n\}/);
  },
);

it('lets a function that became due come to its end before time goes on', async () => {
  const happened: string[] = [];
  const running = Promise.withResolvers<undefined>();
  clock.setTimeout(() => happened.push('begun'), 60_000);
  clock.setTimeout(() => happened.push('timed out'), 120_000);
  const atRest = async () => {
    if (happened.at(-1) === 'begun') await running.promise.then(() => happened.push('ended'));
    return true;
  };

  const moved = ask('POST', '{"advanceMs":3600000}', { atRest });
  while (!happened.includes('begun')) await new Promise((resolve) => setImmediate(resolve));
  running.resolve(undefined);
  await moved;

  expect(happened).toEqual(['begun', 'ended', 'timed out']);
});

it('waits for a function that hangs once, and not at each of the timers that follow', async () => {
  const patience: number[] = [];
  for (const minutes of [1, 2, 3]) clock.setTimeout(() => undefined, minutes * 60_000);

  await ask('POST', '{"advanceMs":3600000}', {
    atRest: async (withinMs?: number) => patience.push(withinMs ?? 0) > 99,
  });

  expect(patience).toEqual([2_000, 20, 20, 20]);
});
