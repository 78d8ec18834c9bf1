import { Throttled } from '@orderstream/domain';
import { asThrottled } from '../aws-errors.ts';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { httpResult, type Answer } from './answer.ts';
import { Problem } from './problem.ts';
import { readRequest, type ApiEvent, type ApiRequest } from './request.ts';

/** What answers a request, by the route's key as the HTTP API has it: `GET /orders/{orderId}`. */
export type Routes = ReadonlyMap<string, (request: ApiRequest) => Promise<Answer>>;

/**
 * The Lambda handler of an API: finds the route, and answers in HTTP's words whatever happens. What is not the caller's
 * doing is given to `report`; the caller learns only that it happened.
 */
export function apiHandler(routes: Routes, report: (routeKey: string, error: unknown) => void) {
  return async (event: ApiEvent): Promise<APIGatewayProxyStructuredResultV2> => {
    const { routeKey, requestId } = event.requestContext;
    try {
      const route = routes.get(routeKey);
      if (route === undefined) throw new Problem('not-found', `There is no ${routeKey} here.`);
      return httpResult(await route(readRequest(event)));
    } catch (error) {
      const problem = problemOf(error, requestId);
      if (problem.status >= 500) report(routeKey, error);
      return httpResult({ status: problem.status, body: problem }, 'application/problem+json');
    }
  };
}

function problemOf(error: unknown, requestId: string): Problem {
  if (error instanceof Problem) return error;
  if (asThrottled(error) instanceof Throttled) return new Problem('try-later', 'Try again in a moment.');
  return new Problem('internal-error', `Try again; if it goes on, tell us the request: ${requestId}.`);
}
