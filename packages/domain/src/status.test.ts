import fc from 'fast-check';
import { hasReached, isOpen, mayMove, OPEN_STATUSES, ORDER_STATUSES, TRANSITIONS } from './status.ts';

const WAY = ['PLACED', 'VALIDATED', 'PAID', 'ALLOCATED', 'SHIPPED'] as const;
const GOALS = ['VALIDATED', 'PAID', 'ALLOCATED', 'SHIPPED'] as const;
const ENDS = ['SHIPPED', 'REJECTED', 'CANCELLED', 'FAILED'] as const;
const status = fc.constantFrom(...ORDER_STATUSES);

/** All ways an order can take: at each step any status that the table allows. */
const journeys = fc.array(fc.nat(), { minLength: 1, maxLength: 20 }).map((choices) => {
  const journey: (typeof ORDER_STATUSES)[number][] = ['PLACED'];
  for (const choice of choices) {
    const next = TRANSITIONS[journey.at(-1)!];
    if (next.length > 0) journey.push(next[choice % next.length]!);
  }
  return journey;
});

it('every journey ends after at most four moves, and never leaves its end', () => {
  fc.assert(
    fc.property(journeys, (journey) => {
      expect(journey.length).toBeLessThanOrEqual(5);
      expect(journey.slice(0, -1).every(isOpen)).toBe(true);
    }),
  );
});

it('an order goes on by one step or closes, and nothing else', () => {
  fc.assert(
    fc.property(status, status, (from, to) => {
      const step = WAY.findIndex((each) => each === from);
      const onwards = step >= 0 && WAY[step + 1] === to;
      const closes = step >= 0 && step < 4 && ['REJECTED', 'CANCELLED', 'FAILED'].includes(to);

      expect(mayMove(from, to)).toBe(onwards || closes);
    }),
  );
});

it('an order on its way has reached all that it passed, a closed one nothing', () => {
  fc.assert(
    fc.property(status, fc.constantFrom(...GOALS), (stands, goal) => {
      const step = WAY.findIndex((each) => each === stands);

      expect(hasReached(stands, goal)).toBe(step >= WAY.indexOf(goal));
    }),
  );
});

it('open orders are those before their end', () => {
  expect(ORDER_STATUSES.filter((each) => !isOpen(each))).toEqual(ENDS);
  expect(OPEN_STATUSES).toEqual(WAY.slice(0, -1));
});
