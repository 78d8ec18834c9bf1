import * as z from 'zod';
import { AwsError } from '../endpoint/service.ts';
import type { ServiceRequest } from '../endpoint/service.ts';

/** Members of a call that lists by pages. */
export const pageMembers = {
  Limit: z.int().min(1).max(100).optional(),
  NextToken: z.string().regex(/^\d+$/).optional(),
};

/** @throws AwsError `SerializationException` for a text that is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AwsError('SerializationException', 'The request is not JSON.');
  }
}

/**
 * Reads a call's members.
 * @throws AwsError `ValidationException` for members that are missing or of another type.
 */
export function readCall<Schema extends z.ZodType>(
  schema: Schema,
  { body }: Pick<ServiceRequest, 'body'>,
): z.output<Schema> {
  const { success, data, error } = schema.safeParse(parseJson(body.toString()));
  if (!success) throw new AwsError('ValidationException', z.prettifyError(error));
  return data;
}

/** One page of what is listed, and the token of the next one if there is one. */
export function page<Item>(
  items: readonly Item[],
  { Limit = 100, NextToken }: { Limit?: number | undefined; NextToken?: string | undefined },
): { readonly items: readonly Item[]; readonly NextToken?: string } {
  const from = Number(NextToken ?? 0);
  const end = from + Limit;
  return { items: items.slice(from, end), ...(end < items.length && { NextToken: String(end) }) };
}

/** A parameter that AWS refuses, in its words. */
export function invalidParameter(name: string, reason: string): AwsError {
  return new AwsError('ValidationException', `Parameter ${name} is not valid. Reason: ${reason}`);
}

/** Something with a name that is not there, in AWS's words. */
export function notFound(what: string, name: string): AwsError {
  return new AwsError('ResourceNotFoundException', `${what} ${name} does not exist.`);
}
