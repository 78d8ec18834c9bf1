import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { InvokeResult } from '../functions/invoker.ts';
import { LATEST } from '../stack/versions.ts';
import type { Condition, Invocation } from './invocation.ts';

/** What came of an asynchronous invocation. */
export interface InvocationOutcome extends Pick<
  Invocation,
  'invokeCount' | 'payload' | 'cause' | 'result' | 'refusal'
> {
  /** ARN of the function, with the qualifier by which it was called, or of its latest version. */
  readonly functionArn: string;
  readonly condition: Condition;
  /** Epoch milliseconds. */
  readonly at: number;
}

/**
 * The document for a destination. Payloads go in as the texts they are.
 *
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export function resultDocument(outcome: InvocationOutcome): string {
  const { cause, functionArn, condition, invokeCount, payload, result, at } = outcome;
  const head = {
    version: '1.0',
    timestamp: new Date(at).toISOString(),
    requestContext: {
      requestId: cause.requestId,
      functionArn,
      condition,
      approximateInvokeCount: invokeCount,
    },
  };
  const members = [JSON.stringify(head).slice(1, -1), `"requestPayload":${payload}`];
  if (result) {
    const { functionError, executedVersion = LATEST } = result;
    const context = { statusCode: 200, executedVersion, ...(functionError && { functionError }) };
    members.push(`"responseContext":${JSON.stringify(context)}`, `"responsePayload":${result.payload}`);
  }
  return `{${members.join(',')}}`;
}

/** Where in a bucket the document lies. */
export function resultKey({ at }: Pick<InvocationOutcome, 'at'>, functionName: string): string {
  const second = new Date(at).toISOString().slice(0, 19);
  const day = second.slice(0, 10).replaceAll('-', '/');
  return `aws/lambda/async/${functionName}/${day}/${second.replaceAll(':', '.')}-${randomUUID()}`;
}

const thrown = z.object({ errorMessage: z.string() });

/**
 * The attributes of a message in the function's dead-letter queue; its body is the event.
 *
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export function deadLetterAttributes({
  cause,
  result,
  refusal,
}: InvocationOutcome): Record<string, string | number> {
  const status = result ? 200 : (refusal?.status ?? 500);
  const message = result ? errorMessageIn(result) : (refusal?.message ?? '');
  return { RequestID: cause.requestId, ErrorCode: status, ErrorMessage: message.slice(0, 1024) || 'Unknown' };
}

function errorMessageIn({ payload }: Pick<InvokeResult, 'payload'>): string {
  const error = thrown.safeParse(JSON.parse(payload));
  return error.success ? error.data.errorMessage : '';
}
