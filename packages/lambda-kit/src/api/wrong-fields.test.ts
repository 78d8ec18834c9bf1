import * as z from 'zod/mini';
import { readAs, unknownParameters } from './wrong-fields.ts';

const SCHEMA = z.strictObject({
  name: z.string().check(z.minLength(2), z.maxLength(5)),
  quantity: z.int().check(z.maximum(9)),
  size: z.enum(['S', 'M']),
  wanted: z.optional(z.boolean()),
  tags: z.optional(z.array(z.string()).check(z.maxLength(1))),
  deed: z.optional(z.discriminatedUnion('type', [z.object({ type: z.literal('view') })])),
});
const GOOD = { name: 'Ada', quantity: 1, size: 'S' };

it('gives what the schema makes of a value', () => {
  expect(readAs(SCHEMA, GOOD)).toEqual({ data: GOOD });
});

it.each<[string, object, [field: string, problem: string][]]>([
  [
    'everything that is missing',
    {},
    [
      ['name', 'is missing: it must be a text'],
      ['quantity', 'is missing: it must be a number'],
      ['size', 'must be one of S, M'],
    ],
  ],
  [
    'what is of another kind',
    { name: null, quantity: '1', size: 7, wanted: 'yes', tags: {} },
    [
      ['name', 'must be a text'],
      ['quantity', 'must be a number'],
      ['size', 'must be one of S, M'],
      ['wanted', 'must be true or false'],
      ['tags', 'must be a list'],
    ],
  ],
  ['what is too short', { ...GOOD, name: 'A' }, [['name', 'must have at least 2 characters']]],
  [
    'what is too much',
    { ...GOOD, name: 'Lovelace', quantity: 10, tags: ['a', 'b'] },
    [
      ['name', 'must have at most 5 characters'],
      ['quantity', 'must be at most 9'],
      ['tags', 'must have at most 1 entries'],
    ],
  ],
  ['a number that is not whole', { ...GOOD, quantity: 1.5 }, [['quantity', 'must be a whole number']]],
  ['a kind that there is not', { ...GOOD, deed: { type: 'x' } }, [['deed.type', 'must be one of view']]],
  [
    'fields that are not known, also those of every object',
    JSON.parse('{"name":"Ada","quantity":1,"size":"S","__proto__":{"a":1},"constructor":1}'),
    [
      ['__proto__', 'is not known here: leave it out'],
      ['constructor', 'is not known here: leave it out'],
    ],
  ],
])('tells %s as the rule that it breaks', (_, sent, told) => {
  expect(readAs(SCHEMA, sent).errors).toEqual(told.map(([field, problem]) => ({ field, problem })));
});

it('repeats no value', () => {
  const sent = { name: 'tok_secret', quantity: 123_456, size: 'tok_secret', tags: ['tok_secret', 1] };

  expect(JSON.stringify(readAs(SCHEMA, sent))).not.toMatch(/tok_secret|123456/);
});

it('cuts long names, and stops where the answer would be too long to send', () => {
  const names = Array.from({ length: 6_000 }, (_, index) => `${'x'.repeat(200)}${index}`);

  const { errors = [] } = readAs(SCHEMA, { ...GOOD, ...Object.fromEntries(names.map((name) => [name, 1])) });

  expect(errors).toHaveLength(5_001);
  expect(errors[0]!.field).toBe(`${'x'.repeat(100)}…`);
  expect(errors.at(-1)!.problem).toBe('has 1000 more fields that are wrong');
});

it('names the parameters of a query that are not known', () => {
  expect(unknownParameters({ limit: '1', sort: 'total' }, ['limit']).map(({ field }) => field)).toEqual([
    'sort',
  ]);
});
