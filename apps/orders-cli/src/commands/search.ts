import { answerAs, askPublicApi } from '../ask-api.ts';
import type { Command } from '../command.ts';
import { printJson } from '../output.ts';
import { searchSchema, searchText } from '../reports/search.ts';
import { countOf, openSession } from '../session.ts';

/** `orders search`: the catalogue as customers look through it. */
export const search: Command = {
  usage: 'search TEXT [--min PRICE] [--max PRICE] [--in-stock] [--page N]',
  summary: 'Finds products by name, also where it is misspelt; as a customer sees them.',
  options: {
    min: { type: 'string' },
    max: { type: 'string' },
    'in-stock': { type: 'boolean' },
    page: { type: 'string' },
  },
  // Words need no quotes.
  operands: { least: 1, most: 50 },
  async run(input) {
    const { values } = input;
    const text = input.operands.join(' ');
    const page = countOf(values, 'page', undefined, 1);
    const query = {
      q: text,
      minPrice: typeof values['min'] === 'string' ? values['min'] : undefined,
      maxPrice: typeof values['max'] === 'string' ? values['max'] : undefined,
      inStock: values['in-stock'] === true ? 'true' : undefined,
      page: page?.toString(),
    };
    const session = await openSession(input);
    try {
      const answer = await askPublicApi(session, { path: '/products', query, signal: input.signal });
      const found = answerAs(searchSchema, answer, 'GET /products');
      if (values['json'] === true) printJson(answer);
      else process.stdout.write(`${searchText(found, text)}\n`);
      return 0;
    } finally {
      await session.close();
    }
  },
};
