import { MovableClock } from './clock.ts';

it('goes on as far ahead of the system’s time as it was, and says how far that is', async () => {
  const heard: number[] = [];
  const first = new MovableClock(0, (offset) => heard.push(offset));
  await first.advance(3_600_000);
  const second = new MovableClock(heard.at(-1));

  expect(Math.abs(second.now() - first.now())).toBeLessThan(1_000);
  expect(heard.at(-1)).toBeGreaterThan(3_599_000);
});

describe('a movable clock', () => {
  let clock: MovableClock;
  beforeEach(() => (clock = new MovableClock()));
  afterEach(() => clock.stop());

  it('fires timers in order of their due time when it is moved, and only those that are due', async () => {
    const fired: string[] = [];
    clock.setTimeout(() => fired.push('hour'), 3_600_000);
    clock.setTimeout(() => fired.push('minute'), 60_000);
    clock.setTimeout(() => fired.push('second'), 1_000);

    await clock.advance(60_000);

    expect(fired).toEqual(['second', 'minute']);
  });

  it('lets a timer that fires set another, which is due in the same move', async () => {
    const times: number[] = [];
    const startedAt = clock.now();
    const tick = () => {
      times.push(Math.round((clock.now() - startedAt) / 1_000));
      if (times.length < 3) clock.setTimeout(tick, 10_000);
    };
    clock.setTimeout(tick, 10_000);

    await clock.advance(60_000);

    expect(times).toEqual([10, 20, 30]);
  });

  it('keeps what waits for it to stand still until every move that is under way has ended', async () => {
    const calls: string[] = [];
    clock.whenStill(() => calls.push('stands'));
    clock.setTimeout(() => clock.whenStill(() => calls.push('moved')), 1_000);
    clock.setTimeout(() => calls.push('timer'), 60_000);

    await Promise.all([clock.advance(2_000), clock.advance(60_000)]);

    expect(calls).toEqual(['stands', 'timer', 'moved']);
  });

  it('never fires a timer that was cleared', async () => {
    const fired = jest.fn();
    clock.clearTimeout(clock.setTimeout(fired, 10));

    await clock.advance(1_000);

    expect(fired).not.toHaveBeenCalled();
  });

  it('wakes a sleeper by its own time, or by the signal with its reason', async () => {
    const abort = new AbortController();
    const woken = clock.sleep(1_000);
    const aborted = expect(clock.sleep(1_000, abort.signal)).rejects.toThrow('enough');
    abort.abort(new Error('enough'));

    await clock.advance(1_000);

    await expect(woken).resolves.toBeUndefined();
    await aborted;
  });

  it("fires by the system's time when nobody moves it", async () => {
    await expect(clock.sleep(1)).resolves.toBeUndefined();
  });

  it("fires by the system's time also while a move pauses, so that what it pauses for may sleep", async () => {
    let slept = 0;
    clock.setTimeout(() => undefined, 3_600_000);
    clock.setTimeout(() => undefined, 7_200_000);

    await clock.advance(2 * 3_600_000, async () => {
      await clock.sleep(1);
      slept += 1;
    });

    expect(slept).toBe(2);
  });

  it("does not fire a delay at once that is too long for the system's timers", async () => {
    const fired = jest.fn();
    clock.setTimeout(fired, 2 ** 32);

    await clock.sleep(1);

    expect(fired).not.toHaveBeenCalled();
  });
});
