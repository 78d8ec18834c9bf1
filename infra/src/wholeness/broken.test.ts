import { BROKEN_CALLS } from './broken-calls.fixture.ts';
import { BROKEN_LIMITS } from './broken-limits.fixture.ts';
import { BROKEN_NETWORK } from './broken-network.fixture.ts';
import { BROKEN_OPENINGS } from './broken-openings.fixture.ts';
import { BROKEN_POLICIES } from './broken-policies.fixture.ts';
import { BROKEN_WATCH } from './broken-watch.fixture.ts';
import { BROKEN_WIRING } from './broken-wiring.fixture.ts';
import { BROKEN_WORK } from './broken-work.fixture.ts';
import { Draft, type Breakage } from './broken.fixture.ts';
import { RULES } from './rules.ts';

const ALL: readonly Breakage[] = [
  ...BROKEN_POLICIES,
  ...BROKEN_OPENINGS,
  ...BROKEN_WORK,
  ...BROKEN_NETWORK,
  ...BROKEN_WIRING,
  ...BROKEN_CALLS,
  ...BROKEN_WATCH,
  ...BROKEN_LIMITS,
];

describe('a stack is not whole when', () => {
  it.each(ALL)('$how', ({ rule, only, breaks, found, delivery }) => {
    const stack = new Draft(delivery);
    breaks(stack);
    const findings = stack.findings().filter((one) => only !== true || one.rule === rule);

    expect(findings.map(({ text }) => text).sort()).toEqual([...found].sort());
    expect(findings.map((one) => one.rule)).toContain(rule);
  });
});

it('every rule is broken by some stack', () => {
  expect(RULES.map(({ name }) => name).filter((name) => !ALL.some(({ rule }) => rule === name))).toEqual([]);
});
