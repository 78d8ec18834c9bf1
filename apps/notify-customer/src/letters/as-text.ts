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

function goodsText({ lines, more, total }: NonNullable<Letter['goods']>): string {
  return [
    ...lines.map(({ what, quantity, amount }) =>
      amount === undefined ? `${quantity} × ${what}` : `${quantity} × ${what}: ${amount}`,
    ),
    ...(more > 0 ? [`and ${more} more`] : []),
    ...(total === undefined ? [] : [`Total: ${total}`]),
  ].join('\n');
}
