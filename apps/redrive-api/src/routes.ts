import { staffOnly, type Routes } from '@orderstream/lambda-kit';
import {
  editDeadLetter,
  endDeadLetters,
  listDeadLetters,
  showDeadLetter,
  type DeadLetters,
} from './dead-letters/dead-letters.ts';
import { getDispatching, setDispatching, type Mappings } from './dispatching/dispatching.ts';

/** What the routes work with. */
export interface RedriveApi {
  readonly deadLetters: DeadLetters;
  readonly mappings: Mappings;
}

/** What staff can ask for, by the route's key as the HTTP API has it. */
export function redriveRoutes({ deadLetters, mappings }: RedriveApi): Routes {
  return staffOnly(
    new Map([
      ['GET /dead-letters', (request) => listDeadLetters(request, deadLetters)],
      ['GET /dead-letters/{id}', (request) => showDeadLetter(request, deadLetters)],
      ['PUT /dead-letters/{id}', (request) => editDeadLetter(request, deadLetters)],
      ['POST /dead-letters/redrive', (request) => endDeadLetters('redrive', request, deadLetters)],
      ['POST /dead-letters/discard', (request) => endDeadLetters('discard', request, deadLetters)],
      ['GET /dispatching', (request) => getDispatching(request, mappings)],
      ['PUT /dispatching', (request) => setDispatching(request, mappings)],
    ]),
  );
}
