import type { Command, CommandInput } from '../command.ts';
import { UsageError } from '../errors.ts';
import { forget } from './forget.ts';
import { funnel } from './funnel.ts';
import { rebuild } from './rebuild.ts';
import { sales } from './sales.ts';
import { search } from './search.ts';
import { start } from './start.ts';

const input = (values: CommandInput['values'], ...operands: string[]): CommandInput => ({
  operands,
  values,
  signal: new AbortController().signal,
});

describe('a command that makes no sense', () => {
  const terminal = process.stdin.isTTY;
  beforeAll(() => {
    process.stdin.isTTY = false;
  });
  afterAll(() => {
    process.stdin.isTTY = terminal;
  });

  it.each<[Command, CommandInput, RegExp]>([
    [sales, input({}), /--by is missing, but must be one of day, hour, country, product/],
    [
      sales,
      input({ by: 'day', from: '2011-11-15', to: '2011-11-14' }),
      /--from is 2011-11-15, which is after/,
    ],
    [funnel, input({ from: 'yesterday' }), /--from is yesterday, but must be a day/],
    [search, input({ page: '0' }, 'mug'), /--page is 0/],
    [start, input({ iam: 'maybe' }), /--iam is "maybe", but must be enforce or off/],
    [rebuild, input({}, 'orders'), /"orders" cannot be rebuilt/],
    [forget, input({ yes: true }, ' '), /The customer id is empty/],
    [forget, input({}, 'ada'), /no terminal to ask at\. Confirm it with --yes/],
  ])('%# is refused before a cloud is looked for', async (command, given, message) => {
    const error: unknown = await command.run(given).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(UsageError);
    expect(error).toMatchObject({ message: expect.stringMatching(message), exitCode: 2 });
  });
});
