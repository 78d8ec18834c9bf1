import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudClient } from '../cloud-client.ts';
import type { Command, CommandInput } from '../command.ts';
import { billOf } from '../cost/bill.ts';
import { callerCosts } from '../cost/callers.ts';
import { RECORDED, readRecording, recordingFile, type RecordedPreset } from '../cost/recording.ts';
import { billText, callerRows, prodText } from '../cost/text.ts';
import { DAYS, usageOf, type Recording } from '../cost/usage.ts';
import { UsageError } from '../errors.ts';
import { printJson, say, table } from '../output.ts';
import { countOf, openSession, portOf, refuseOtherTargets } from '../session.ts';

const ORDERS_PER_DAY = 100;
const RECORDED_ORDERS = 60;
const SECONDS_A_DAY = 86_400;
/** The stack that a running cloud was started from. */
const SYNTHESIZED = 'cdktf.out/stacks/orderstream/cdk.tf.json';

/** `orders cost`: what AWS would bill for orders as they went through a cloud. */
export const cost: Command = {
  usage:
    'cost [--orders-per-day N | --orders-per-second N] [--recorded PRESET | --record PRESET [--orders N]]',
  summary: 'Prices what was metered: a month at a pace, a million orders, and what is free for good.',
  options: {
    'orders-per-day': { type: 'string' },
    'orders-per-second': { type: 'string' },
    recorded: { type: 'string' },
    record: { type: 'string' },
    orders: { type: 'string' },
  },
  operands: { least: 0, most: 0 },
  async run(input) {
    const { values } = input;
    refuseIgnored(values);
    const perDay = paceOf(values);
    const recording = await recordingOf(input);
    const bill = billOf(usageOf(recording, perDay), perDay * DAYS);
    const callers = callerCosts(recording);
    if (values['json'] === true) printJson({ ordersPerDay: perDay, recording, bill, callers });
    else {
      const causes = table(callerRows(recording), '');
      const from = `From ${recording.orders} orders: ${recording.command}`;
      const parts = [billText(bill), causes, '', ...[prodText(recording)].filter(Boolean), from];
      process.stdout.write(`${parts.join('\n')}\n`);
    }
    return 0;
  },
};

/** Options that would be ignored are refused. */
function refuseIgnored(values: CommandInput['values']): void {
  refuseOtherTargets(values);
  if (values['record'] !== undefined && values['recorded'] !== undefined)
    throw new UsageError('--record and --recorded exclude each other: leave one out.');
  if (values['orders'] !== undefined && values['record'] === undefined)
    throw new UsageError(
      `--orders is ${String(values['orders'])}, but goes with --record only: leave it out, or set a pace with --orders-per-day.`,
    );
}

/** Orders a day, from whichever of the two options is given. */
function paceOf(values: CommandInput['values']): number {
  const perSecond = countOf(values, 'orders-per-second', undefined, 1);
  const perDay = countOf(values, 'orders-per-day', undefined, 1);
  if (perSecond !== undefined && perDay !== undefined) {
    throw new UsageError('--orders-per-day and --orders-per-second exclude each other: leave one out.');
  }
  return perSecond === undefined ? (perDay ?? ORDERS_PER_DAY) : perSecond * SECONDS_A_DAY;
}

async function recordingOf(input: CommandInput): Promise<Recording> {
  const { values } = input;
  const made = presetOf(values, 'record');
  if (made !== undefined) {
    const { record } = await import('../cost/record.ts');
    const orders = countOf(values, 'orders', RECORDED_ORDERS, 1);
    const recording = await record(made, orders, { say, signal: input.signal });
    writeFileSync(recordingFile(made), `${JSON.stringify(recording, null, 2)}\n`);
    say(`Written: ${recordingFile(made)}. Now write the pages that show it: npm run docs`);
    return recording;
  }
  const kept = presetOf(values, 'recorded');
  if (kept !== undefined) return readRecording(kept);
  return (await ofRunningCloud(input)) ?? readRecording('standard');
}

/** What a running cloud has counted since it was started; undefined where none runs or no order has ended in it. */
async function ofRunningCloud(input: CommandInput): Promise<Recording | undefined> {
  const port = portOf(input.values);
  const status = await new CloudClient(`http://127.0.0.1:${port}`).status(input.signal);
  if (status === undefined) {
    say(`No local cloud runs on port ${port}: these are the figures of --recorded standard.`);
    return undefined;
  }
  const session = await openSession(input);
  try {
    const { metered } = await import('../cost/record.ts');
    const { stackFacts } = await import('../cost/stack-facts.ts');
    const { ROOT } = await import('../prepare.ts');
    const { since, orders, reading } = await metered(session);
    if (orders === 0) {
      say(
        `No order has ended since the cloud on port ${port} began to count (${since}): these are the figures of --recorded standard.`,
      );
      return undefined;
    }
    return {
      command: `the cloud on port ${port}, all that it counted since ${since}`,
      recordedOn: new Date().toISOString().slice(0, 10),
      preset: 'standard',
      orders,
      linesPerOrder: Number.NaN,
      stack: stackFacts(readFileSync(join(ROOT, SYNTHESIZED), 'utf8')),
      reading,
    };
  } finally {
    await session.close();
  }
}

function presetOf(values: CommandInput['values'], option: 'record' | 'recorded'): RecordedPreset | undefined {
  const given = values[option];
  if (given === undefined) return undefined;
  const preset = RECORDED.find((each) => each === given);
  if (preset !== undefined) return preset;
  throw new UsageError(`--${option} is ${String(given)}, but must be one of ${RECORDED.join(', ')}.`);
}
