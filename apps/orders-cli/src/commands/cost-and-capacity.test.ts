import type { Command, CommandInput } from '../command.ts';
import { UsageError } from '../errors.ts';
import { capacity } from './capacity.ts';
import { cost } from './cost.ts';

const input = (values: CommandInput['values']): CommandInput => ({
  operands: [],
  values,
  signal: new AbortController().signal,
});

it.each<[Command, CommandInput['values'], RegExp]>([
  [cost, { 'orders-per-day': '1', 'orders-per-second': '1' }, /exclude each other/],
  [cost, { 'orders-per-day': 'many' }, /--orders-per-day is many/],
  [cost, { recorded: 'large' }, /--recorded is large, but must be one of standard, free-tier/],
  [cost, { orders: '0', recorded: 'standard' }, /--orders is 0, but goes with --record only/],
  [cost, { orders: '5' }, /--orders is 5, but goes with --record only/],
  [cost, { record: 'standard', recorded: 'standard' }, /--record and --recorded exclude each other/],
  [cost, { target: 'aws', recorded: 'standard' }, /--target is aws, but only local is there/],
  [capacity, { target: 'aws', 'orders-per-second': '1' }, /--target is aws, but only local is there/],
  [capacity, {}, /--orders-per-second is missing/],
  [capacity, { 'orders-per-second': '0' }, /--orders-per-second is 0/],
  [capacity, { 'orders-per-second': '1', lines: '0' }, /--lines is 0/],
  [capacity, { 'orders-per-second': '1', lines: '2001' }, /--lines is 2001, but .* at most 2000 lines/],
  [
    capacity,
    { 'orders-per-second': '1', 'hot-share': '2' },
    /--hot-share is 2, but must be a number above 0/,
  ],
])('%# refuses what makes no sense, and says what does', async (command, values, message) => {
  const error: unknown = await command.run(input(values)).catch((thrown: unknown) => thrown);

  expect(error).toBeInstanceOf(UsageError);
  expect(error).toMatchObject({ message: expect.stringMatching(message) });
});
