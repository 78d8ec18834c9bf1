import { caught } from './proof.ts';

const protection = { breaks: ['Money and goods', 'Stock'] };

it.each<[string, string[], boolean]>([
  ['one of its laws breaks', ['Sums', 'Stock'], true],
  ['only another law breaks', ['Sums'], false],
  ['every law holds', [], false],
])('a missing protection is caught or not when %s', (_, broken, passed) => {
  expect(caught(protection, broken)).toMatchObject({ passed });
});
