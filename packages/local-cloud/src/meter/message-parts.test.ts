import { messageParts } from './message-parts.ts';

it.each([
  ['an empty one', '', 1],
  ['160 characters of the GSM alphabet', 'ü'.repeat(160), 1],
  ['one more, in parts of 153', 'ü'.repeat(161), 2],
  ['307 of them', 'a'.repeat(307), 3],
  ['80 of its extension, which count twice', '€'.repeat(80), 1],
  ['81 of them', '€'.repeat(81), 2],
  ['70 characters with one of no GSM alphabet', `ł${'a'.repeat(69)}`, 1],
  ['one more, in parts of 67', `ł${'a'.repeat(70)}`, 2],
])('sends a text message in parts: %s', (_, text, parts) => {
  expect(messageParts(text)).toBe(parts);
});
