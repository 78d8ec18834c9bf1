import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ORDER_EVENTS, PRODUCT_EVENTS, STOCK_EVENTS } from '../event-names.ts';
import { eventCatalogue } from './catalogue.ts';

const page = readFileSync(join(__dirname, '../../../../docs/events.md'), 'utf8');

it('is up to date in docs/events.md (npm run docs writes it)', () => {
  expect(page).toBe(eventCatalogue());
});

it('tells of every event when it is published', () => {
  for (const type of [...ORDER_EVENTS, ...PRODUCT_EVENTS, ...STOCK_EVENTS]) {
    expect(page).toMatch(new RegExp(`^\\| \`${type}\` +\\| \\S`, 'm'));
  }
});

it('shows no personal data in its examples', () => {
  expect(page).not.toMatch(/ada@example|Lovelace|St James|tok_|\+44/);
});
