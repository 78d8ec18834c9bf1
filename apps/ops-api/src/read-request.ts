import { isSku } from '@orderstream/domain';
import { Problem, wrongFieldsOf, type ApiRequest, type WrongField } from '@orderstream/lambda-kit';
import type * as z from 'zod/mini';

/** The query as `schema` has it. @throws Problem naming every field that is wrong or not known. */
export function readQuery<Schema extends z.ZodMiniType>(
  { query }: Pick<ApiRequest, 'query'>,
  schema: Schema,
): z.infer<Schema> {
  const { success, data, error } = schema.safeParse(query);
  if (success) return data;
  throw wrongRequest('query', wrongFieldsOf(error));
}

/** The body as `schema` has it. @throws Problem naming every field that is wrong or not known. */
export function readBody<Schema extends z.ZodMiniType>(
  request: Pick<ApiRequest, 'json'>,
  schema: Schema,
): z.infer<Schema> {
  const { success, data, error } = schema.safeParse(request.json());
  if (success) return data;
  throw wrongRequest('body', wrongFieldsOf(error));
}

/** Answers with a problem where something is wrong. */
export function refuseWrong(where: 'query' | 'body' | 'path', errors: readonly WrongField[]): void {
  if (errors.length > 0) throw wrongRequest(where, errors);
}

function wrongRequest(where: string, errors: readonly WrongField[]): Problem {
  return new Problem('invalid-request', `Correct what is named of the ${where} and ask again.`, errors);
}

/**
 * The SKU in the path, which the HTTP API has decoded already: it may have spaces in it, and signs such as `%`. A slash
 * would end it there, however it is encoded.
 */
export function skuOf({ path }: Pick<ApiRequest, 'path'>): string {
  const { sku = '' } = path;
  if (sku.includes('/')) {
    refuseWrong('path', [
      { field: 'sku', problem: 'has a slash in it, which no path can carry: use a SKU without' },
    ]);
  }
  if (!isSku(sku)) {
    refuseWrong('path', [{ field: 'sku', problem: 'must be 1 to 64 printable characters, URL-encoded' }]);
  }
  return sku;
}
