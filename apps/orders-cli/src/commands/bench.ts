import type { Command, CommandInput } from '../command.ts';
import { printJson, say, table } from '../output.ts';
import { countOf } from '../session.ts';

/** `npm run bench`: measures the numbers that the design is held to. */
export const bench: Command = {
  usage: 'bench [--long] [--orders N]',
  summary:
    "Measures the design's numbers: start, latency, orders a second, transitions, bundles; --long: memory and disk over 100,000 orders.",
  options: { orders: { type: 'string' }, long: { type: 'boolean' } },
  operands: { least: 0, most: 0 },
  async run(input) {
    if (input.values['long'] === true) return longRun(input);
    const orders = countOf(input.values, 'orders', 3_000, 100);
    const { measureAll } = await import('../bench/measure.ts');
    const figures = await measureAll({ orders, signal: input.signal, say });
    if (input.values['json'] === true) printJson(figures);
    else {
      const rows = figures.figures.map((figure) => [
        figure.name,
        figure.value,
        figure.unit,
        figure.budget,
        figure.met ? 'met' : 'MISSED',
      ]);
      process.stdout.write(`${table(rows)}\n`);
    }
    return 0;
  },
};

async function longRun(input: CommandInput): Promise<number> {
  const orders = countOf(input.values, 'orders', 100_000, 100);
  const { measureLongRun } = await import('../bench/long-run.ts');
  const looks = await measureLongRun({ orders, signal: input.signal, say });
  if (input.values['json'] === true) printJson({ orders, looks });
  else {
    const columns = Object.keys(looks[0] ?? {});
    const rows = looks.map((look) =>
      Object.values(look).map((value: unknown) => (typeof value === 'number' ? value : '–')),
    );
    process.stdout.write(`${table([columns, ...rows])}\n`);
  }
  return 0;
}
