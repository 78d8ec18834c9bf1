import type { Letter } from './letter.ts';

/** The letter for who reads mail without HTML. */
export function asText({ heading, name, paragraphs, goods }: Letter, shop: string): string {
  return [
    heading,
    name === undefined ? 'Hello,' : `Hello ${name},`,
    ...paragraphs,
    ...(goods === undefined ? [] : [goodsText(goods)]),
    shop,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function goodsText({ lines, more, extras, total }: NonNullable<Letter['goods']>): string {
  return [
    ...lines.map(({ what, quantity, amount }) =>
      amount === undefined ? `${quantity} × ${what}` : `${quantity} × ${what}: ${amount}`,
    ),
    ...(more > 0 ? [`and ${more} more`] : []),
    ...extras.map(({ what, amount }) => `${what}: ${amount}`),
    ...(total === undefined ? [] : [`Total: ${total}`]),
  ].join('\n');
}
