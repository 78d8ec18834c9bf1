/**
 * Control characters, halves of a character, line and paragraph separators, and the marks that turn the direction of
 * the text around: none is part of a name or a street, and each breaks or disguises the line in which it is shown.
 */
const UNFIT = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u;

/** Something that is to be seen. An empty text is left to whoever asks for a length. */
const VISIBLE = /^$|[^\p{C}\p{Z}]/u;

/** What {@link isPlainText} asks for, as an error tells it. */
export const PLAIN_TEXT_RULE = 'must be one line of text, without control characters';

/** Whether people outside may write it: one line, of any script, that shows something. */
export function isPlainText(text: string): boolean {
  return !UNFIT.test(text) && VISIBLE.test(text);
}
