import type * as z from 'zod/mini';
import { Problem, type WrongField } from './problem.ts';
import type { ApiRequest } from './request.ts';
import { readAs, unknownParameters } from './wrong-fields.ts';

/** The query as `schema` has it. @throws Problem naming every field that is wrong or not known. */
export function readQuery<Schema extends z.ZodMiniType>(
  { query }: Pick<ApiRequest, 'query'>,
  schema: Schema,
): z.infer<Schema> {
  const { data, errors } = readAs(schema, query);
  if (errors === undefined) return data;
  throw wrongRequest('query', errors);
}

/**
 * The body as `schema` has it, of a request that takes no query.
 *
 * @param others what is wrong with the path. @throws Problem naming every field that is wrong or not known.
 */
export function readBody<Schema extends z.ZodMiniType>(
  request: Pick<ApiRequest, 'json' | 'query'>,
  schema: Schema,
  others: readonly WrongField[] = [],
): z.infer<Schema> {
  const { data, errors = [] } = readAs(schema, request.json());
  const around = [...others, ...unknownParameters(request.query)];
  if (data !== undefined && around.length === 0) return data;
  throw wrongRequest('request', [...around, ...errors]);
}

/** Answers with a problem where something is wrong. */
export function refuseWrong(where: 'query' | 'request', errors: readonly WrongField[]): void {
  if (errors.length > 0) throw wrongRequest(where, errors);
}

function wrongRequest(where: string, errors: readonly WrongField[]): Problem {
  return new Problem('invalid-request', `Correct what is named of the ${where} and ask again.`, errors);
}
