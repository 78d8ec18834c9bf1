import { requiredEnvironment } from './environment.ts';

/**
 * The adapter of a port that an environment variable names.
 *
 * @throws Error naming the variable, its value and the names it may have.
 */
export function chosenAdapter<Port>(variable: string, adapters: Readonly<Record<string, () => Port>>): Port {
  const name = requiredEnvironment(variable);
  const make = Object.hasOwn(adapters, name) ? adapters[name] : undefined;
  if (make !== undefined) return make();
  throw new Error(
    `${variable} is ${JSON.stringify(name)}, which is unknown. Set it to one of: ${Object.keys(adapters).join(', ')}.`,
  );
}
