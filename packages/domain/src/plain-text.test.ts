import { isPlainText } from './plain-text.ts';

it.each([
  'Ada',
  'Zoë O’Neill-García',
  '李小龍',
  'محمد',
  // A zero-width joiner is a part of words and of pictures.
  'می‌خواهم',
  '👩‍👧',
  '7',
  '-',
  '',
])('%j may be written', (text) => {
  expect(isPlainText(text)).toBe(true);
});

it.each([
  ['a NUL', 'Ada\u0000'],
  ['a line break', 'Ada\nBcc: eve@example.com'],
  ['a carriage return', 'Ada\r'],
  ['an escape sequence', '\u001b[31mAda'],
  ['a control character of the second block', 'Ada\u0085'],
  ['a line separator', 'Ada\u2028Eve'],
  ['half a character', 'Ada\ud83d'],
  ['a turned direction', 'Ada \u202Egnp.exe'],
  ['nothing that is to be seen', '\u200b\u200d'],
])('%s is refused', (_, text) => {
  expect(isPlainText(text)).toBe(false);
});
