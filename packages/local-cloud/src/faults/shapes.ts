import * as z from 'zod';
import type { ServiceResponse } from '../endpoint/service.ts';
import { errorResponse, SearchError } from '../search/errors.ts';
import type { Strike } from './series.ts';
import type { Refusal } from './services.ts';

/** An error of OpenSearch, which has a form of its own. */
export function searchRefusal({ code, message, status }: Refusal): ServiceResponse {
  return errorResponse(new SearchError(code, message, status));
}

const batch = z.looseObject({ Records: z.array(z.unknown()) });

/** The event of a batch with its records in another order. */
export function shuffledRecords(payload: string, strike: Strike): string {
  const event = batch.parse(JSON.parse(payload));
  return JSON.stringify({ ...event, Records: strike.shuffled(event.Records) });
}
