import { together } from './redrive.ts';

it('two rounds are counted together, and what stays is what stays after the second', () => {
  const first = { redriven: 3, kinds: { event: 2, change: 1 }, stays: { 'event: it failed again': 2 } };
  const second = { redriven: 2, kinds: { event: 1, execution: 1 }, stays: { 'quarantine: unreadable': 1 } };

  expect(together(first, second)).toEqual({
    redriven: 5,
    kinds: { event: 3, change: 1, execution: 1 },
    stays: second.stays,
  });
});
