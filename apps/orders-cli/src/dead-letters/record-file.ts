import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import type { CommandInput } from '../command.ts';
import { UsageError } from '../errors.ts';

const shownSchema = z.strictObject({ reason: z.string(), record: z.unknown() });

/**
 * The record that `--from` names: a JSON file, or `-` for standard input. What `orders dlq show` prints of a quarantined
 * record is taken as well: `{reason, record}`.
 *
 * @throws UsageError when it cannot be read.
 */
export async function recordFrom(values: CommandInput['values']): Promise<unknown> {
  const file = values['from'];
  if (typeof file !== 'string' || file === '')
    throw new UsageError(
      'dlq edit needs the corrected record: --from FILE, or --from - for standard input. Begin with: orders dlq show ID',
    );
  const content = await contentOf(file);
  try {
    const document: unknown = JSON.parse(content);
    return shownSchema.safeParse(document).data?.record ?? document;
  } catch (error) {
    throw new UsageError(
      `--from ${file} is no JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

async function contentOf(file: string): Promise<string> {
  if (file === '-') return text(process.stdin);
  try {
    return await readFile(resolve(process.env['INIT_CWD'] ?? '.', file), 'utf8');
  } catch (error) {
    throw new UsageError(
      `--from ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
