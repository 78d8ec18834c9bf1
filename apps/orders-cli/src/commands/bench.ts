import type { Command } from '../command.ts';
import { printJson, say, table } from '../output.ts';
import { countOf } from '../session.ts';

/** `npm run bench`: measures the numbers that the design is held to. */
export const bench: Command = {
  usage: 'bench [--orders N]',
  summary: "Measures the design's numbers: start, latency, orders a second, transitions, memory, bundles.",
  options: { orders: { type: 'string' } },
  operands: { least: 0, most: 0 },
  async run(input) {
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
