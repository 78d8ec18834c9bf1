import type { Stack } from './model.ts';
import { StackError } from './problems.ts';
import { resolveStack } from './read.ts';

/** What every function needs beside its name. */
export const FUNCTION = {
  filename: 'api.zip',
  handler: 'index.handler',
  runtime: 'nodejs24.x',
  role: 'arn:aws:iam::000000000000:role/api',
};

/** A table with a stream. */
export const TABLE = {
  name: 'orders',
  hash_key: 'id',
  attribute: [{ name: 'id', type: 'S' }],
  stream_enabled: true,
  stream_view_type: 'NEW_IMAGE',
};

/** A stack of the given resources and data sources, by type and label, as a test writes them. */
export function resolveParts(resource: object, data: object = {}): Stack {
  return resolveStack({ resource, data }, '/stacks/shop');
}

/** The problems with which reading a stack fails; none when it does not fail. */
export function problemsOf(read: () => Stack | string | undefined): readonly string[] {
  try {
    read();
    return [];
  } catch (error) {
    if (error instanceof StackError) return error.problems;
    throw error;
  }
}
