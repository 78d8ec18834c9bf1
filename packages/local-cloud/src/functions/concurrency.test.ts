import { Concurrency } from './concurrency.ts';
import { configOf } from './functions.fixture.ts';

const lambda = (name: string, reservedConcurrency?: number) => ({
  ...configOf(name, ''),
  ...(reservedConcurrency !== undefined && { reservedConcurrency }),
});

/** How many invocations it lets run. */
function places(concurrency: Concurrency): number {
  for (let taken = 0; ; taken++) {
    try {
      concurrency.enter();
    } catch {
      return taken;
    }
  }
}

describe('the concurrency of an account', () => {
  it('is 1000, which functions share that reserve nothing', () => {
    const of = Concurrency.ofAccount([lambda('f'), lambda('g'), lambda('h', 100)]);
    const [f, g] = [of(lambda('f')), of(lambda('g'))];
    f.enter();
    expect(places(g)).toBe(899);
    expect(() => f.enter()).toThrow(
      expect.objectContaining({
        code: 'TooManyRequestsException',
        members: { Reason: 'ConcurrentInvocationLimitExceeded' },
      }),
    );
    g.leave();
    expect(places(f)).toBe(1);
  });

  it.each([0, 1, 7])('keeps the %d that a function reserves for it alone', (reserved) => {
    const of = Concurrency.ofAccount([lambda('f', reserved), lambda('g')]);
    places(of(lambda('g')));
    const own = of(lambda('f', reserved));
    expect(places(own)).toBe(reserved);
    expect(() => own.enter()).toThrow(
      expect.objectContaining({
        status: 429,
        message: 'Rate Exceeded.',
        members: { Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' },
      }),
    );
  });

  it('leaves 100 to the others, whatever is reserved', () => {
    const of = Concurrency.ofAccount([lambda('f', 950), lambda('g')]);
    expect(places(of(lambda('g')))).toBe(100);
  });
});
