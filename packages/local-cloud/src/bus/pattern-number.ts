/**
 * A number in an event that no double holds exactly (`1e400`, more digits than a double has). A pattern compares it
 * by its spelling alone; every other number is compared by value.
 */
export class SpelledNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** The double that a JSON number spells exactly, or undefined where there is none: such a number has no order. */
export function comparable(text: string): number | undefined {
  const value = Number(text);
  return Number.isFinite(value) && decimal(text) === decimal(String(value)) ? value : undefined;
}

/** Spellings that may not survive `JSON.parse`: an exponent, or more digits than every double carries. */
const RISKY_NUMBER = /[:,[]\s*-?(?:\d+(?:\.\d+)?[eE]|[\d.]{16})/;

/**
 * Parses an event for matching: as `JSON.parse` does, with a {@link SpelledNumber} wherever a double would change a
 * number.
 *
 * @throws SyntaxError when the text is not JSON.
 */
export function parseEvent(json: string): unknown {
  if (!RISKY_NUMBER.test(json)) return JSON.parse(json);
  return JSON.parse(json, keepSpelling);
}

function keepSpelling(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source;
  if (typeof value !== 'number' || source === undefined) return value;
  return comparable(source) === undefined ? new SpelledNumber(source) : value;
}

/** One spelling for each decimal value: sign, digits without outer zeros, power of ten. */
function decimal(text: string): string {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  const power = Number(exponent) - fraction.length + digits.length - significant.length;
  return `${mantissa.startsWith('-') ? '-' : ''}${significant}e${power}`;
}
