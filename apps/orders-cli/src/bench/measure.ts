import { cpus } from 'node:os';
import { compilePattern, measureLanes } from '@orderstream/local-cloud';
import { prepareStack } from '../prepare.ts';
import { measureBundles } from './bundles.ts';
import { startCloudProcess } from './cloud-process.ts';
import { figure, type Figure } from './figure.ts';
import { consumersOff } from './load.ts';
import { measureLatency, measureThroughput, measureWithConsumers } from './orders.ts';

export interface Measurement {
  readonly machine: { readonly node: string; readonly cpu: string; readonly cores: number };
  readonly orders: number;
  readonly figures: readonly Figure[];
}

export interface MeasureOptions {
  /** Orders sent for throughput and memory. */
  readonly orders: number;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** Measures every number of the design, one after the other, on a cloud in a process of its own. */
export async function measureAll(options: MeasureOptions): Promise<Measurement> {
  const stackFile = await prepareStack(options.say, options.signal);
  const figures: Figure[] = [];
  options.say('pattern matches …');
  figures.push(figure('simple pattern matches', matchesPerSecond(), 'a second', '≥', 200_000));
  options.say('a stream mapping of factor 10 and of factor 1 …');
  figures.push(figure('factor 10 to factor 1, 10 ms handler', await gainOfLanes(), 'times', '≥', 5));
  options.say('bundles …');
  figures.push(...(await measureBundles(stackFile, options.signal)));
  options.say('start …');
  const cloud = await startCloudProcess(options.signal);
  try {
    figures.push(figure('ready from built bundles', cloud.readyAfterMs, 'ms', '≤', 2_000));
    await consumersOff(cloud.session);
    options.say('write → workflow start at 20 orders/s …');
    figures.push(...(await measureLatency(cloud, options)));
    options.say(`${options.orders} orders through the workflow …`);
    figures.push(...(await measureThroughput(cloud, options)));
  } finally {
    await cloud.stop();
  }
  options.say(`${options.orders} orders, all consumers on …`);
  const whole = await startCloudProcess(options.signal);
  try {
    figures.push(await measureWithConsumers(whole, options));
  } finally {
    await whole.stop();
  }
  const machine = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length };
  return { machine, orders: options.orders, figures };
}

/** How many times faster ten lanes are than one: 10,000 changes of 200 items, a handler that takes 10 ms. */
async function gainOfLanes(): Promise<number> {
  const load = { changes: 10_000, items: 200, handlerMs: 10 };
  const one = await measureLanes({ ...load, factor: 1 });
  return one / (await measureLanes({ ...load, factor: 10 }));
}

function matchesPerSecond(): number {
  const matches = compilePattern(
    JSON.stringify({ source: ['orderstream.orders'], 'detail-type': ['OrderShipped'] }),
  );
  const events = ['OrderShipped', 'OrderPaid'].map((type) => ({
    source: 'orderstream.orders',
    'detail-type': type,
    detail: { subject: { kind: 'order', id: '536365', itemVersion: 1 }, status: 'SHIPPED' },
  }));
  const rounds = 500_000;
  let matched = 0;
  const startedAt = performance.now();
  for (let i = 0; i < rounds; i += 1) if (matches(events[i % 2])) matched += 1;
  const seconds = (performance.now() - startedAt) / 1_000;
  if (matched !== rounds / 2)
    throw new Error(`The pattern matched ${matched} of ${rounds} events instead of every second one.`);
  return rounds / seconds;
}
