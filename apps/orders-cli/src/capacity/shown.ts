/** A factor as it is shown: four digits, whole from a thousand on. Sums are made with it, so that what is shown comes out. */
export function shown(amount: number): number {
  return amount >= 1_000 ? Math.round(amount) : Number(amount.toPrecision(4));
}

/** Such a factor as text. */
export function figure(amount: number): string {
  return shown(amount).toLocaleString('en-US', { maximumSignificantDigits: 15 });
}

/** A product, rounded up, past what floating point adds to it. */
export function wholeProduct(a: number, b: number): number {
  return Math.ceil(Number((a * b).toPrecision(12)));
}
