/** HTML that is complete: text inside it is escaped. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Value = string | number | Markup | readonly Markup[];

/**
 * A template of HTML. Everything put into it is escaped, unless it came out of such a template itself.
 *
 * @example markup`<p title="${title}">${text}</p>`
 */
export function markup(texts: TemplateStringsArray, ...values: readonly Value[]): Markup {
  const pieces = texts.map((text, place) => text + written(values[place] ?? ''));
  return new Markup(pieces.join(''));
}

function written(value: Value): string {
  if (typeof value === 'string' || typeof value === 'number') return escaped(String(value));
  return value instanceof Markup ? value.text : value.map(({ text }) => text).join('\n');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
