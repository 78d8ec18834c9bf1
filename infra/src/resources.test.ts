import { DEV, PROD, resourcesOf, synthesize, type Synthesized } from './testing/synthesized.ts';

const FREE = { ORDERSTREAM_PRESET: 'free-tier' };
const STACKS: Readonly<Record<string, Synthesized>> = {
  local: synthesize(),
  'local free': synthesize(FREE),
  dev: synthesize(DEV),
  'dev free': synthesize({ ...DEV, ...FREE }),
  prod: synthesize(PROD),
  'prod free': synthesize({ ...PROD, ...FREE }),
};

/** How many resources of each type there are, a row a type and a column a stack. */
function countsTable(): string {
  const names = Object.keys(STACKS);
  const types = Object.values(STACKS).flatMap(({ document }) => Object.keys(document.resource));
  const rows = [...new Set(types)]
    .sort()
    .map((type) => [
      type,
      ...Object.values(STACKS).map((stack) => Object.keys(resourcesOf(stack, type)).length),
    ]);
  const sums = names.map((_, column) => rows.reduce((sum, row) => sum + Number(row[column + 1]), 0));
  return [['', ...names], ...rows, ['together', ...sums]].map(toLine).join('\n');
}

function toLine([first, ...rest]: readonly (string | number)[]): string {
  const cells = rest.map((cell) => String(cell === 0 ? '·' : cell).padStart(12));
  return `${String(first).padEnd(52)}${cells.join('')}`;
}

it('the stack has so many resources of each type, by environment and preset', () => {
  // Changed on purpose? `npx jest --config infra/jest.config.mjs resources.test -u` writes the table anew.
  expect(countsTable()).toMatchSnapshot();
});

it.each(Object.entries(STACKS))(
  'a new account can run %s: no function reserves concurrency, of which it has little',
  (_name, stack) => {
    const functions = Object.values(resourcesOf(stack, 'aws_lambda_function'));

    expect(functions.length).toBeGreaterThan(10);
    for (const one of functions) expect(one).not.toHaveProperty('reserved_concurrent_executions');
    expect(resourcesOf(stack, 'aws_lambda_provisioned_concurrency_config')).toEqual({});
  },
);
