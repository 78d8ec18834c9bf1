import type * as z from 'zod/mini';
import type { WrongField } from './problem.ts';

/** What zod found wrong, field by field; an unknown field is named as such. */
export function wrongFieldsOf(error: z.core.$ZodError): WrongField[] {
  return error.issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [{ field: fieldAt(issue.path), problem: issue.message }];
    return issue.keys.map((key) => ({ field: fieldAt([...issue.path, key]), problem: 'is not known here' }));
  });
}

function fieldAt(path: readonly PropertyKey[]): string {
  return path.map(String).join('.') || 'body';
}
