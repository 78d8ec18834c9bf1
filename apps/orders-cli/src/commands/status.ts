import { CloudClient } from '../cloud-client.ts';
import type { Command } from '../command.ts';
import { inFlightText, printJson, table } from '../output.ts';
import { portOf } from '../session.ts';

/** `orders status`: is a local cloud ready? It never starts one. */
export const status: Command = {
  usage: 'status',
  summary: 'Says whether a local cloud is running and what is under way; exit 0 only when one is ready.',
  options: {},
  operands: { least: 0, most: 0 },
  async run(input) {
    const endpoint = `http://127.0.0.1:${portOf(input.values)}`;
    const found = await new CloudClient(endpoint).status();
    const ready = found?.ready === true;
    if (input.values['json'] === true) {
      printJson(found ?? { ready: false, endpoint });
    } else if (found === undefined) {
      process.stdout.write(`No local cloud answers at ${endpoint}. Start one: npm start\n`);
    } else {
      const rows: [string, string][] = [
        ['state', ready ? 'ready' : 'not ready'],
        ['stack', found.stack],
        ['endpoint', found.endpoint],
        ['api', found.api],
        ['in flight', inFlightText(found.inFlight) || 'nothing'],
        ['up for', `${Math.round(found.uptimeSeconds)} s`],
      ];
      process.stdout.write(`${table(rows)}\n`);
    }
    return ready ? 0 : 1;
  },
};
