import { failureIn } from './functions.ts';

const reported = (...failures: object[]) => JSON.stringify({ batchItemFailures: failures });

it.each([
  ['null', 'nothing'],
  ['{}', 'nothing to report'],
  ['{"batchItemFailures":null}', 'no list of failures'],
  [reported(), 'no failure'],
])('a function that answers %s (%s) handled it', (text) => {
  expect(failureIn('consumer', null, text)).toBeUndefined();
});

it.each([
  [
    reported({ itemIdentifier: '7', reason: 'UnreadableChange: status "x".' }),
    'consumer could not handle it again: UnreadableChange: status "x".',
  ],
  [reported({ itemIdentifier: '7' }), 'consumer could not handle it again: its log says why.'],
  [
    reported({ itemIdentifier: '7' }, { itemIdentifier: '8', reason: 'No.' }),
    'consumer could not handle 2 of it again: No.',
  ],
  ['{"batchItemFailures":"7"}', 'consumer could not handle it again: its log says why.'],
])('what is reported as failed stays with the reason that is given: %s', (text, why) => {
  expect(failureIn('consumer', null, text)).toBe(why);
});

it('a reason of any length is told shortly', () => {
  expect(failureIn('consumer', null, reported({ reason: 'x'.repeat(5_000) }))?.length).toBeLessThan(400);
});

it.each([
  ['{"errorType":"Throttled","errorMessage":"Ada Lovelace …"}', 'Throttled'],
  ['', 'Unhandled'],
])('a function that throws stays with the type of its error alone: %s', (text, type) => {
  expect(failureIn('consumer', 'Unhandled', text)).toBe(
    `consumer failed again with ${type}: its log says why.`,
  );
});
