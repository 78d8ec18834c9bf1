import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as z from 'zod';
import type { CommandInput } from './command.ts';
import { UsageError } from './errors.ts';

/** Each stack's outputs under its name, as `cdktf deploy --outputs-file` writes them. */
const outputsSchema = z.record(z.string(), z.record(z.string(), z.unknown()));

/**
 * The outputs of the deployment that `--target aws` is about: of the one stack in `--outputs FILE` that has `output`.
 *
 * @param folder where a relative name begins: npm changes the folder, and says in INIT_CWD from where.
 * @throws UsageError naming the option, or what the file lacks.
 */
export function awsOutputs(
  values: CommandInput['values'],
  output: string,
  folder = process.env['INIT_CWD'] ?? '.',
): Readonly<Record<string, unknown>> {
  if (values['port'] !== undefined)
    throw new UsageError('--port is of a local cloud and does not go with --target aws. Leave it out.');
  const name = values['outputs'];
  if (typeof name !== 'string' || name === '') {
    throw new UsageError(
      '--target aws needs --outputs FILE, as written by: cdktf deploy --outputs-file outputs.json',
    );
  }
  const file = resolve(folder, name);
  const outputs = outputsSchema.safeParse(jsonIn(file));
  const [stack, another] = Object.values(outputs.data ?? {}).filter((each) => output in each);
  if (stack !== undefined && another === undefined) return stack;
  const what = another === undefined ? `no ${output}` : `more than one ${output}`;
  throw new UsageError(
    `--outputs ${file} holds ${what} of a stack. Write it anew: cdktf deploy orderstream --outputs-file ${file}`,
  );
}

function jsonIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--outputs ${file} is no readable JSON file: ${reason}`);
  }
}
