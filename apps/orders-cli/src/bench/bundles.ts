import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readStack, type Stack } from '@orderstream/local-cloud';
import { ROOT } from '../prepare.ts';
import { figure, type Figure } from './figure.ts';

/** Imports of a bundle, each in a fresh process, of which the median counts. */
const IMPORTS = 5;

/** Size and import time of the largest and of the slowest bundle of a stack. */
export async function measureBundles(stackFile: string, signal: AbortSignal): Promise<Figure[]> {
  const sizes: number[] = [];
  const times: number[] = [];
  for (const lambda of readStack(stackFile).functions) {
    const app = lambda.environment['POWERTOOLS_SERVICE_NAME'] ?? '';
    const bundle = join(ROOT, 'apps', app, 'dist/index.cjs');
    sizes.push(statSync(bundle).size / 1_000);
    times.push(await importTime(bundle, lambda.environment, signal));
  }
  return [
    figure('largest bundle', Math.max(...sizes), 'KB', '≤', 300),
    figure('slowest import', Math.max(...times), 'ms', '≤', 60),
  ];
}

async function importTime(
  bundle: string,
  environment: Stack['functions'][number]['environment'],
  signal: AbortSignal,
) {
  const script = `const t = performance.now(); require(${JSON.stringify(bundle)}); console.log(performance.now() - t)`;
  const env = {
    ...environment,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
  };
  const times: number[] = [];
  for (let i = 0; i < IMPORTS; i += 1) {
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], { env, signal });
    times.push(Number(stdout.trim().split('\n').at(-1)));
  }
  return times.sort((a, b) => a - b)[Math.floor(IMPORTS / 2)] ?? Number.NaN;
}
