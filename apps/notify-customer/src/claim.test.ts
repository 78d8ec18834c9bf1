import { UNFINISHED_MS, verdict, type Claim } from './claim.ts';

const NOW = Date.parse('2026-01-01T12:00:00.000Z');

function aClaim(state: Claim['state'], age: number): Claim {
  const at = new Date(NOW - age).toISOString();
  return { state, version: 5, attempts: 1, claimedAt: at, at };
}

it.each<[string, Claim | undefined, number | undefined, string]>([
  ['was sent', aClaim('sent', 0), 5, 'done'],
  ['was sent, and a later one as well', aClaim('sent', 0), 9, 'done'],
  ['cannot be sent', aClaim('failed', 0), 5, 'done'],
  ['is not to be sent', aClaim('dropped', 0), 9, 'done'],
  ['came back', aClaim('bounced', 0), 5, 'done'],
  ['was complained of', aClaim('complained', 0), 5, 'done'],
  ['is being sent', aClaim('claimed', UNFINISHED_MS - 1), 5, 'underway'],
  ['is being sent, though a later one was claimed', aClaim('claimed', 0), 9, 'underway'],
  ['was left by a crashed run', aClaim('claimed', UNFINISHED_MS), 5, 'take-over'],
  ['was left by a crashed run before a later one', aClaim('claimed', UNFINISHED_MS), 9, 'overtaken'],
  ['was given back', aClaim('retry', 0), 5, 'take-over'],
  ['was given back before a later one', aClaim('retry', 0), 9, 'overtaken'],
  ['comes after a later one', undefined, 9, 'overtaken'],
  ['is the first', undefined, undefined, 'take-over'],
])('of a message that %s', (_, found, latest, expected) => {
  expect(verdict(found, latest, 5, NOW)).toBe(expected);
});
