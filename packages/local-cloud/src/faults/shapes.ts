import * as z from 'zod';
import type { ServiceResponse } from '../endpoint/service.ts';
import { errorResponse, SearchError } from '../search/errors.ts';
import type { Strike } from './series.ts';
import { type Refusal, SERVICES } from './services.ts';

/**
 * An error of OpenSearch, which has a form of its own; a throttle of Amazon OpenSearch Service is plain text instead, as
 * OpenSearch’s issue 1583 shows one. (OpenSearch’s own, where a queue is full, is `rejected_execution_exception`, 429.)
 *
 * @param url of the request: a throttle names its path.
 */
export function searchRefusal(refusal: Refusal, url: string): ServiceResponse {
  const { code, message, status } = refusal;
  if (refusal !== SERVICES.es.throttle) return errorResponse(new SearchError(code, message, status));
  const [path = url] = url.split('?');
  return {
    status,
    headers: { 'content-type': 'text/plain;charset=ISO-8859-1' },
    body: `${message} ${path}`,
  };
}

const batch = z.looseObject({ Records: z.array(z.unknown()) });

/** The event of a batch with its records in another order. */
export function shuffledRecords(payload: string, strike: Strike): string {
  const event = batch.parse(JSON.parse(payload));
  return JSON.stringify({ ...event, Records: strike.shuffled(event.Records) });
}
