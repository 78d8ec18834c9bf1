/** A piece of a template: text as it stands, or a value, and whether that stands inside a JSON string. */
export type Piece<Reader> = string | { readonly read: Reader; readonly quoted: boolean };

const PLACEHOLDER = /<([\w.-]+)>/g;

/** Variables that hold the whole event: they can be the value of a field and nothing else. */
const WHOLE_EVENTS = new Set(['aws.events.event', 'aws.events.event.json']);

/**
 * Takes the template of an input transformer apart.
 *
 * @param readers of the variables, by name.
 * @throws Error for a template that could make no JSON, or that names a variable that is not there.
 */
export function compileTemplate<Reader>(
  template: string,
  readers: ReadonlyMap<string, Reader>,
): Piece<Reader>[] {
  const pieces: Piece<Reader>[] = [];
  let quoted = false;
  let end = 0;
  for (const { 0: placeholder, 1: name = '', index } of template.matchAll(PLACEHOLDER)) {
    const read = readers.get(name);
    if (!read) {
      throw new Error(`the input template contains invalid placeholder ${name}: name it in the paths`);
    }
    const text = template.slice(end, index);
    quoted = quoted !== hasOddQuotes(text);
    if (quoted && WHOLE_EVENTS.has(name)) {
      throw new Error(`the input template has ${placeholder} inside quotes: take the quotes away`);
    }
    pieces.push(text, { read, quoted });
    end = index + placeholder.length;
  }
  pieces.push(template.slice(end));
  checkTemplate(pieces);
  return pieces;
}

/** Whether a text is what a template may make: JSON, or lines that are JSON each. */
export function isTemplateText(text: string): boolean {
  return isJson(text) || text.split('\n').every((line) => line.trim() === '' || isJson(line));
}

/** A number stands for every value outside quotes, so that one that stands as the key of an object is found. */
function checkTemplate(pieces: readonly Piece<unknown>[]): void {
  const sample = pieces
    .map((piece) => (typeof piece === 'string' ? piece : piece.quoted ? '' : '0'))
    .join('');
  if (isTemplateText(sample)) return;
  throw new Error(
    'the input template makes no JSON: write a text in quotes, and no placeholder as the key of an object',
  );
}

function hasOddQuotes(text: string): boolean {
  const quotes = [...text.matchAll(/\\.|"/g)].filter(([match]) => match === '"');
  return quotes.length % 2 === 1;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
