import { CloudClient } from '../cloud-client.ts';
import type { Command } from '../command.ts';
import { durationOf } from '../duration.ts';
import { UsageError } from '../errors.ts';
import { printJson } from '../output.ts';
import { portOf } from '../session.ts';

/** `orders clock`: what time it is in the running local cloud, and to make it later. It never starts one. */
export const clock: Command = {
  usage: 'clock [advance DURATION]',
  summary:
    'Tells the local cloud’s time, or moves it forward (30s, 10m, 2h, 1d): whatever becomes due happens.',
  options: {},
  operands: { least: 0, most: 2 },
  async run({ operands: [verb, duration], values, signal }) {
    if (verb !== undefined && (verb !== 'advance' || duration === undefined)) {
      throw new UsageError(`Usage: orders ${clock.usage}`);
    }
    const advanceMs = duration === undefined ? undefined : durationOf(duration);
    const cloud = new CloudClient(`http://127.0.0.1:${portOf(values)}`);
    if ((await cloud.status()) === undefined) {
      throw new UsageError(`No local cloud answers at ${cloud.endpoint}. Start one: npm start`, 1);
    }
    const time = await cloud.clock(advanceMs, signal);
    if (values['json'] === true) printJson(time);
    else process.stdout.write(`${time.now}  (${aheadText(time.aheadMs)})\n`);
    return 0;
  },
};

function aheadText(aheadMs: number): string {
  const minutes = Math.round(aheadMs / 60_000);
  return minutes === 0 ? 'the time of this machine' : `${minutes} min ahead of this machine`;
}
