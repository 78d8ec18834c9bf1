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

/**
 * The same for a number of a pattern that has to have an order.
 *
 * @throws Error with the reason where it has none.
 */
export function ordered(text: string): number {
  const number = comparable(text);
  if (number === undefined) throw new Error(`Cannot compare number : ${text}`);
  return number;
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
