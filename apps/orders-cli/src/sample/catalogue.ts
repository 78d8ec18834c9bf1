import type { ImportedProduct } from '../replay/import.ts';

/** A product of the sample shop and how many pieces come in. */
export interface SampleProduct extends ImportedProduct {
  readonly pieces: number;
}

/** Nobody can buy this one: its orders run out of stock. */
export const SOLD_OUT_SKU = 'LAMP-LIGHTHOUSE';

/** Name, price and pieces of each product, by kind. */
const SHELVES: Readonly<Record<string, readonly (readonly [string, string, string, number])[]>> = {
  MUG: [
    ['HERON', 'Stoneware mug, heron', '9.50', 4000],
    ['FERN', 'Stoneware mug, fern', '9.50', 4000],
    ['TIDE', 'Stoneware mug, tide line', '10.25', 4000],
    ['ENAMEL-BLUE', 'Enamel mug, blue rim', '7.95', 4000],
    ['ENAMEL-RED', 'Enamel mug, red rim', '7.95', 4000],
    ['ESPRESSO', 'Espresso cup, set of two', '14.00', 3000],
  ],
  BOWL: [
    ['OAK', 'Turned oak bowl', '32.00', 2000],
    ['ASH', 'Turned ash bowl, small', '21.50', 2000],
    ['SPECKLE', 'Speckled breakfast bowl', '11.75', 4000],
    ['RAMEN', 'Deep noodle bowl', '13.20', 4000],
  ],
  LINEN: [
    ['TEATOWEL', 'Linen tea towel, natural', '6.80', 6000],
    ['TEATOWEL-STRIPE', 'Linen tea towel, ticking stripe', '6.80', 6000],
    ['NAPKIN-4', 'Linen napkins, set of four', '18.40', 3000],
    ['APRON', 'Cross-back linen apron', '34.00', 2000],
    ['BREADBAG', 'Linen bread bag', '12.10', 3000],
  ],
  CANDLE: [
    ['BEESWAX', 'Beeswax candle, pair', '8.60', 5000],
    ['PINE', 'Pine resin candle', '15.90', 3000],
    ['TEALIGHT-12', 'Tea lights, twelve', '4.35', 8000],
    ['HOLDER-BRASS', 'Brass candle holder', '19.95', 2000],
  ],
  PAPER: [
    ['NOTEBOOK-A5', 'Notebook A5, dotted', '5.75', 8000],
    ['NOTEBOOK-A6', 'Notebook A6, plain', '3.99', 8000],
    ['CARDS-BIRDS', 'Greeting cards, garden birds', '2.45', 9000],
    ['CARDS-STARS', 'Greeting cards, winter stars', '2.45', 9000],
    ['WRAP-LEAF', 'Wrapping paper, leaf', '1.125', 9999],
    ['STICKERS', 'Sticker sheet, mushrooms', '1.85', 9999],
    ['CALENDAR', 'Wall calendar, lino prints', '16.00', 3000],
  ],
  GARDEN: [
    ['TWINE', 'Jute twine on a spool', '3.30', 8000],
    ['TROWEL', 'Hand trowel, ash handle', '12.95', 3000],
    ['DIBBER', 'Seed dibber', '7.40', 4000],
    ['SEEDS-MEADOW', 'Meadow flower seeds', '2.95', 9999],
    ['SEEDS-HERBS', 'Kitchen herb seeds', '2.95', 9999],
    ['FEEDER', 'Bird feeder, cedar', '23.60', 2000],
    ['NESTBOX', 'Nest box, wren', '27.50', 2000],
  ],
  TOY: [
    ['TRAIN', 'Wooden train, three cars', '26.40', 2000],
    ['BLOCKS', 'Building blocks, thirty', '29.90', 2000],
    ['KITE', 'Paper kite kit', '9.15', 4000],
    ['TOP', 'Spinning top', '3.60', 6000],
    ['PUZZLE-MAP', 'Puzzle, map of the night sky', '17.25', 2000],
  ],
  LAMP: [
    ['LIGHTHOUSE', 'Lighthouse lamp', '64.00', 0],
    ['PAPER', 'Folded paper lamp shade', '22.80', 2000],
    ['CLIP', 'Clip-on reading lamp', '18.70', 2000],
    ['STRING', 'String lights, ten metres', '14.45', 3000],
  ],
};

/** The sample shop's catalogue. */
export const CATALOGUE: readonly SampleProduct[] = Object.entries(SHELVES).flatMap(([shelf, products]) =>
  products.map(([code, name, unitPrice, pieces]) => ({
    sku: `${shelf}-${code}`,
    name,
    unitPrice,
    currency: 'GBP',
    pieces,
  })),
);
