import { NO_TIMEOUT_SECONDS } from './engine.ts';
import type { State } from './states-language.ts';

/** Paths for which `$` says what leaving them out says. */
const WHOLE_BY_DEFAULT = new Set(['InputPath', 'OutputPath', 'ResultPath']);

/**
 * Puts a state into the form in which the library runs it as AWS does. The library takes `$` in ResultPath for a
 * field's name, ends tasks without a timeout after 60 s, ignores a Pass state's Result when it is falsy and invents
 * texts for a Fail state without Error or Cause.
 */
export function prepareState(state: State): Record<string, unknown> {
  const prepared: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(state))
    if (value !== '$' || !WHOLE_BY_DEFAULT.has(field)) prepared[field] = value;
  if ('Catch' in state && state.Catch)
    prepared['Catch'] = state.Catch.map(({ ResultPath, ...catcher }) =>
      ResultPath === undefined || ResultPath === '$' ? catcher : { ...catcher, ResultPath },
    );
  if (state.Type === 'Task' && !state.TimeoutSecondsPath)
    prepared['TimeoutSeconds'] = state.TimeoutSeconds ?? NO_TIMEOUT_SECONDS;
  if (state.Type === 'Fail') {
    if (state.ErrorPath === undefined) prepared['Error'] = state.Error ?? '';
    if (state.CausePath === undefined) prepared['Cause'] = state.Cause ?? '';
  }
  if (state.Type === 'Pass' && 'Result' in state && !state.Result) {
    prepared['Parameters'] = state.Result;
    delete prepared['Result'];
  }
  return prepared;
}
