import { serviceUrl, signedFetch } from '@orderstream/lambda-kit';
import { AwsRefusal } from '../aws-call.ts';
import { parsed, record } from '../json.ts';

/** Milliseconds that a redriven letter may take: with what comes before, it stays below the API's own 30 seconds. */
const PATIENCE_MS = 15_000;

/** Invokes functions and waits for what they answer. */
export interface Functions {
  /**
   * Answers why the function did not handle the event, or was not invoked; undefined when it did.
   *
   * @param name with an alias behind it, or without one: `shop-track-sales:live`.
   * @throws AwsRefusal, or what `fetch` throws, when nobody knows whether it ran.
   */
  invoke(name: string, event: unknown): Promise<string | undefined>;
}

/** Functions on AWS. */
export const awsFunctions: Functions = {
  async invoke(name, event) {
    const [functionName = '', alias] = name.split(':');
    const url = new URL(`${serviceUrl('lambda')}/2015-03-31/functions/${functionName}/invocations`);
    if (alias !== undefined) url.searchParams.set('Qualifier', alias);
    const body = JSON.stringify(event);
    const response = await signedFetch({
      service: 'lambda',
      method: 'POST',
      url,
      body,
      timeoutMs: PATIENCE_MS,
    });
    const text = await response.text();
    if (response.ok) return failureIn(functionName, response.headers.get('x-amz-function-error'), text);
    const refusal = new AwsRefusal(`Invoke of ${functionName}`, response.status, text, response.headers);
    // Lambda refuses with these before it runs anything.
    if (response.status < 500) return `It was not invoked. ${refusal.name}: ${refusal.message}`;
    throw refusal;
  },
};

/**
 * Why an invocation did not handle all that it was given; undefined when it did. An answer in which failures can't be
 * told from one another means that all of it failed, as it does for Lambda.
 *
 * @param functionError Lambda's header; null where the function answered. @param text its answer.
 */
export function failureIn(name: string, functionError: string | null, text: string): string | undefined {
  const answer = record(parsed(text));
  if (functionError !== null) {
    const { errorType } = answer;
    return `${name} failed again with ${typeof errorType === 'string' ? errorType : functionError}: its log says why.`;
  }
  const failed = answer['batchItemFailures'];
  if (failed === undefined || failed === null) return undefined;
  if (Array.isArray(failed) && failed.length === 0) return undefined;
  const all = Array.isArray(failed) ? failed : [];
  const many = all.length > 1 ? `${all.length} of it` : 'it';
  return `${name} could not handle ${many} again: ${reasonIn(all) ?? 'its log says why'}.`;
}

/** Characters of a reason that are told. */
const LONGEST_REASON = 300;

/** The first reason that a function gives for what it reports as failed; most give none. */
function reasonIn(failed: readonly unknown[]): string | undefined {
  const reason = failed.map((one) => record(one)['reason']).find((one) => typeof one === 'string');
  return typeof reason === 'string' ? reason.slice(0, LONGEST_REASON).replace(/\.$/, '') : undefined;
}
