import { withinDeadline } from './deadline.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

const late = () => new Error('too late');

it('gives an answer that comes in time, and leaves no timer behind', async () => {
  await expect(withinDeadline(1_000, async () => 'answer', late)).resolves.toBe('answer');

  expect(jest.getTimerCount()).toBe(0);
});

it('gives up when the time has passed, and says so to whoever still works on the answer', async () => {
  let told: AbortSignal | undefined;
  const answer = withinDeadline(1_000, (signal) => ((told = signal), new Promise(() => undefined)), late);
  const givenUp = expect(answer).rejects.toThrow('too late');

  await jest.advanceTimersByTimeAsync(999);
  expect(told?.aborted).toBe(false);
  await jest.advanceTimersByTimeAsync(1);

  await givenUp;
  expect(told?.aborted).toBe(true);
});

it('passes on what goes wrong', async () => {
  const answer = withinDeadline(1_000, () => Promise.reject(new Error('declined')), late);

  await expect(answer).rejects.toThrow('declined');
});
