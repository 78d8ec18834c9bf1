import fc from 'fast-check';
import {
  chargeAmount,
  compareMoney,
  formatMoney,
  isDecimal,
  linesTotal,
  multiplyMoney,
  orderTotal,
  sumMoney,
} from './money.ts';

/** Amounts as whole numbers of 10⁻⁹: what the exact sums are judged by. */
const SCALE = 9;
const nanos = (amount: string): bigint => {
  const [whole = '0', decimals = ''] = amount.replace('-', '').split('.');
  const value = BigInt(whole + decimals.padEnd(SCALE, '0'));
  return amount.startsWith('-') ? -value : value;
};

const decimals = fc.integer({ min: 0, max: SCALE });
const amounts = fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 12n }), decimals).map(([digits, places]) => {
  const text = digits.toString().padStart(places + 1, '0');
  return places === 0 ? text : `${text.slice(0, -places)}.${text.slice(-places)}`;
});
const lines = fc.array(
  fc.record({ sku: fc.string(), quantity: fc.integer({ min: 1, max: 10_000 }), unitPrice: amounts }),
);

it.each(['0', '0.001', '12.50', '386899.80', '-4.20', '999999999999999.999999999'])(
  '%s is a decimal',
  (text) => {
    expect(isDecimal(text)).toBe(true);
  },
);

it.each([
  '',
  '.5',
  '5.',
  '1e3',
  '+1',
  '1,5',
  ' 1',
  'NaN',
  '0x1',
  '1.0000000001',
  '1000000000000000',
  12.5,
  null,
])('%j is none', (value) => {
  expect(isDecimal(value)).toBe(false);
});

it('a sum is exact, whatever the order of its parts', () => {
  fc.assert(
    fc.property(fc.array(amounts), (parts) => {
      const sum = sumMoney(parts);

      expect(nanos(sum)).toBe(parts.reduce((total, part) => total + nanos(part), 0n));
      expect(sumMoney(parts.toReversed())).toBe(sum);
    }),
  );
});

it('what is added can be taken away again', () => {
  fc.assert(
    fc.property(amounts, amounts, (one, other) => {
      const back = sumMoney([one, other, multiplyMoney(other, -1)]);

      expect(compareMoney(back, one)).toBe(0);
    }),
  );
});

it('an order costs exactly its lines, shipping and tax', () => {
  fc.assert(
    fc.property(lines, amounts, amounts, (ordered, shipping, tax) => {
      const goods = ordered.reduce((sum, line) => sum + nanos(line.unitPrice) * BigInt(line.quantity), 0n);

      expect(nanos(linesTotal(ordered))).toBe(goods);
      expect(nanos(orderTotal({ lines: ordered, shipping, tax }))).toBe(goods + nanos(shipping) + nanos(tax));
    }),
  );
});

it.each([
  ['GBP', 10n ** 7n, 2],
  ['JPY', 10n ** 9n, 0],
  ['UGX', 10n ** 9n, 0],
  ['IQD', 10n ** 6n, 3],
  ['CLF', 10n ** 5n, 4],
  ['KWD', 10n ** 6n, 3],
])('a charge in %s is the nearest minor unit, of two the even one', (currency, unit, digits) => {
  const halves = fc.bigInt({ min: 0n, max: 10n ** 9n }).map((count) => {
    const nano = (count * unit) / 2n;
    return `${nano / 10n ** 9n}.${(nano % 10n ** 9n).toString().padStart(9, '0')}`;
  });
  fc.assert(
    fc.property(fc.oneof(amounts, halves), (total) => {
      const charge = chargeAmount(total, currency);
      const off = nanos(charge) - nanos(total);
      const distance = (off < 0n ? -off : off) * 2n;

      expect(charge.split('.')[1]?.length ?? 0).toBe(digits);
      expect(distance <= unit).toBe(true);
      if (distance === unit) expect((nanos(charge) / unit) % 2n).toBe(0n);
      expect(chargeAmount(charge, currency)).toBe(charge);
    }),
  );
});

it.each([
  ['0.125', '0.12'],
  ['0.135', '0.14'],
  ['0.1250001', '0.13'],
  ['386899.80', '386899.80'],
])('%s is charged as %s', (total, charge) => {
  expect(chargeAmount(total, 'GBP')).toBe(charge);
});

it.each([
  ['5', 'GBP', '5.00'],
  ['0.001', 'GBP', '0.001'],
  ['386899.8', 'GBP', '386899.80'],
  ['1200', 'JPY', '1200'],
])('%s %s is shown as %s', (amount, currency, shown) => {
  expect(formatMoney(amount, currency)).toBe(shown);
});
