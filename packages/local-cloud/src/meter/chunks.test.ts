import { API_CHUNK, chunks, chunksOfText, MESSAGE_CHUNK } from './chunks.ts';

it.each([
  [0, 1],
  [1, 1],
  [MESSAGE_CHUNK, 1],
  [MESSAGE_CHUNK + 1, 2],
  [256 * 1024, 4],
])('bills a message of %i bytes as %i requests', (bytes, expected) => {
  expect(chunks(bytes, MESSAGE_CHUNK)).toBe(expected);
});

it.each([
  ['a short text', 'x', 1],
  ['letters of one byte up to the chunk', 'x'.repeat(API_CHUNK), 1],
  ['letters of three bytes that fill three chunks', '€'.repeat(API_CHUNK), 3],
])('counts the bytes of a text, not its letters: %s', (_, text, expected) => {
  expect(chunksOfText(text, API_CHUNK)).toBe(expected);
});
