import * as z from 'zod';
import { UsageError } from './errors.ts';
import { outputOf, type Session } from './session.ts';

/** Who the command line is to the staff's API. */
const CLERK = 'orders-cli';

/** Where the token of a deployment on AWS is: on a command line other users of the machine would see it. */
export const TOKEN_VARIABLE = 'ORDERSTREAM_TOKEN';

const TOKEN_REFUSED = `The API does not accept the token: it may have expired. Put a new one of a member of the staff into ${TOKEN_VARIABLE}.`;

const problemSchema = z.object({
  title: z.string().optional(),
  detail: z.string().optional(),
  errors: z.array(z.object({ field: z.string(), problem: z.string() })).optional(),
});

/** A question to one of the two APIs. */
export interface ApiQuestion {
  readonly path: string;
  /** GET without one. */
  readonly method?: 'GET' | 'POST' | 'PUT';
  /** What is undefined is left out. */
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly signal: AbortSignal;
}

type ApiSession = Pick<Session, 'status' | 'cloud'>;

/** Asks the staff's API as a member of the staff. @throws UsageError with the API's own words when it refuses. */
export async function askStaffApi(session: ApiSession, question: ApiQuestion): Promise<unknown> {
  const token = await session.cloud.token(CLERK, ['staff']);
  return askApi(outputOf(session, 'staff_api_url'), question, token);
}

/** Asks the customers' API what it tells everybody. @throws UsageError with the API's own words when it refuses. */
export async function askPublicApi(session: ApiSession, question: ApiQuestion): Promise<unknown> {
  return askApi(session.status.api, question);
}

/** Asks an API at its address, as the bearer of a token where there is one. @throws UsageError as it refuses. */
export async function askApi(
  api: string,
  { path, method = 'GET', query = {}, body, signal }: ApiQuestion,
  token?: string,
): Promise<unknown> {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const parameters = new URLSearchParams(given).toString();
  const url = `${api.replace(/\/$/, '')}${path}${parameters === '' ? '' : `?${parameters}`}`;
  const headers = {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  };
  const content = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await fetch(url, { method, headers, signal, ...content });
  const text = await answer.text();
  if (answer.ok) return parsed(text, `${path} of the API`);
  throw refusal(answer.status, path, text);
}

/** What the API says is wrong, in one line. A question that is wrong itself (400) is a mistake in the command. */
export function refusal(status: number, path: string, text: string): UsageError {
  if (status === 401) return new UsageError(TOKEN_REFUSED, 1);
  const exitCode = status === 400 ? 2 : 1;
  const problem = problemSchema.safeParse(isJson(text) ? JSON.parse(text) : undefined);
  const { title, detail, errors = [] } = problem.success ? problem.data : {};
  const said = [title, detail].filter((part) => part !== undefined && part !== '').join(': ');
  const fields = errors.map(({ field, problem: what }) => `${field} ${what}`).join('; ');
  if (said === '' && fields === '')
    return new UsageError(`The API answered ${status} to ${path}: ${text.slice(0, 500)}`, exitCode);
  return new UsageError([said, fields].filter((part) => part !== '').join(' – '), exitCode);
}

/**
 * An answer as a command reads it.
 * @throws UsageError naming what is not as expected: the two are of different versions then.
 */
export function answerAs<Schema extends z.ZodType>(
  schema: Schema,
  answer: unknown,
  from: string,
): z.infer<Schema> {
  const read = schema.safeParse(answer);
  if (read.success) return read.data;
  const issues = read.error.issues
    .slice(0, 3)
    .map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`);
  throw new UsageError(
    `The answer of ${from} is not as this command knows it (${issues.join('; ')}). Start again with one version of both: npm start`,
    1,
  );
}

function parsed(text: string, from: string): unknown {
  if (isJson(text)) return JSON.parse(text);
  throw new UsageError(`The answer of ${from} is no JSON: ${text.slice(0, 200)}`, 1);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
