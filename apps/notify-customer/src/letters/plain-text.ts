/**
 * A text that somebody else wrote, as one line of at most so many characters: without line breaks, control characters,
 * and the invisible ones that turn the direction of what follows.
 */
export function plainText(value: unknown, longest: number): string | undefined {
  if (typeof value !== 'string') return undefined;
  const characters = Array.from(
    value
      .toWellFormed()
      .replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
      .trim(),
  );
  if (characters.length === 0) return undefined;
  return characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : characters.join('');
}

/** What a mail program may turn into a link, also without `http`: `evil.example`, `ada@evil.example`. */
const LINK_LIKE = /:\/\/|@|[\p{L}\p{N}]\.\p{L}{2}/u;

/** Digits, whatever separates them, that somebody may call. */
const NUMBER_LIKE = /\p{N}(?:[^\p{L}\p{N}]*\p{N}){4}/u;

/**
 * A name or place that whoever placed the order wrote: undefined where it could carry a link or a telephone number. Anybody can place an order
 * with another person's address, and what they write must not reach that person under the shop's name.
 */
export function harmlessName(value: unknown): string | undefined {
  const text = plainText(value, 61);
  if (text === undefined || text.length > 60) return undefined;
  return LINK_LIKE.test(text) || NUMBER_LIKE.test(text) ? undefined : text;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For HTML, between tags and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
