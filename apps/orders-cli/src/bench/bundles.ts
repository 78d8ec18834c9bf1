import { execFile } from 'node:child_process';
import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../prepare.ts';
import { figure, type Figure } from './measure.ts';

/** Imports of a bundle, each in a fresh process, of which the median counts. */
const IMPORTS = 5;

/** Size and import time of the largest and of the slowest bundle. */
export async function measureBundles(signal: AbortSignal): Promise<Figure[]> {
  const bundles = globSync('apps/*/dist/index.cjs', { cwd: ROOT }).map((bundle) => join(ROOT, bundle));
  const sizes = bundles.map((bundle) => statSync(bundle).size / 1_000);
  const times: number[] = [];
  for (const bundle of bundles) times.push(await importTime(bundle, signal));
  return [
    figure('largest bundle', Math.max(...sizes), 'KB', '≤', 300),
    figure('slowest import', Math.max(...times), 'ms', '≤', 60),
  ];
}

async function importTime(bundle: string, signal: AbortSignal): Promise<number> {
  const script = `const t = performance.now(); require(${JSON.stringify(bundle)}); console.log(performance.now() - t)`;
  const times: number[] = [];
  for (let i = 0; i < IMPORTS; i += 1) {
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], {
      env: FUNCTION_ENVIRONMENT,
      signal,
    });
    times.push(Number(stdout.trim().split('\n').at(-1)));
  }
  return times.sort((a, b) => a - b)[Math.floor(IMPORTS / 2)] ?? Number.NaN;
}

/** What a function finds in its environment: names that lead nowhere, since nothing is called at import. */
const FUNCTION_ENVIRONMENT = {
  AWS_REGION: 'eu-west-1',
  ...Object.fromEntries(
    ['ORDERS', 'PRODUCTS', 'STOCK', 'ALLOCATIONS', 'LEDGER'].map((table) => [
      `${table}_TABLE`,
      table.toLowerCase(),
    ]),
  ),
  WORKFLOW_ARN: 'arn:aws:states:eu-west-1:000000000000:stateMachine:bench',
  EVENT_BUS: 'bench',
  QUARANTINE_BUCKET: 'bench',
  CURRENCY: 'GBP',
  PAYMENT_GATEWAY: 'sandbox',
  CARRIER: 'sandbox',
};
