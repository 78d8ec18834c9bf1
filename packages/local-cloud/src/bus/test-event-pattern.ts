import * as z from 'zod';
import { AwsError } from '../endpoint/service.ts';
import type { ServiceRequest } from '../endpoint/service.ts';
import { isNestedDeeper, NESTING_LIMIT } from './nesting.ts';
import { compilePattern, InvalidPattern, parseEvent } from './pattern.ts';
import { readCall } from './request.ts';

const testCall = z.object({ EventPattern: z.string(), Event: z.string() });

/** Without these an event is none; `resources` and `detail` may be missing. */
const REQUIRED = ['id', 'account', 'source', 'time', 'region', 'detail-type'];

/** The detail lies one level within the event. */
const DEEPEST = NESTING_LIMIT + 1;

/**
 * Answers TestEventPattern: whether an event, an envelope as targets get it, matches a pattern.
 *
 * Source: docs.aws.amazon.com/eventbridge/latest/APIReference/API_TestEventPattern.html
 */
export function testEventPattern(request: ServiceRequest): { readonly Result: boolean } {
  const { EventPattern, Event } = readCall(testCall, request);
  return { Result: matcherOf(EventPattern)(readEvent(Event)) };
}

function matcherOf(pattern: string): (event: unknown) => boolean {
  try {
    return compilePattern(pattern);
  } catch (error) {
    if (!(error instanceof InvalidPattern)) throw error;
    const message = `Event pattern is not valid. Reason: ${error.message}`;
    throw new AwsError('InvalidEventPatternException', message);
  }
}

function readEvent(json: string): object {
  const event = parsed(json);
  if (typeof event !== 'object' || event === null || Array.isArray(event)) {
    throw new AwsError('ValidationException', 'Parameter Event is not valid.');
  }
  const missing = REQUIRED.filter((name) => !Object.hasOwn(event, name));
  if (missing.length === 0) return event;
  const reason = `It lacks ${missing.join(', ')}.`;
  throw new AwsError('ValidationException', `Parameter Event is not valid. Reason: ${reason}`);
}

/** What `json` holds; undefined where it is no JSON or nested too deeply. */
function parsed(json: string): unknown {
  try {
    const event = parseEvent(json);
    return isNestedDeeper(DEEPEST, json, event) ? undefined : event;
  } catch {
    return undefined;
  }
}
