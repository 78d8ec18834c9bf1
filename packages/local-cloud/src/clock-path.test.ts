import { clockPath } from './clock-path.ts';
import { MovableClock } from './clock.ts';

const clock = new MovableClock();
afterAll(() => clock.stop());

const ask = async (method: string, body = '') => {
  const answer = await clockPath(clock)({
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
