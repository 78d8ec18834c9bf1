/** One step: `.name`, `['name']` or `[0]`. */
const STEP = /^(?:\.([^.[\]'"*]+)|\[(\d+)\]|\[(?:'([^']*)'|"([^"]*)")\])/;

/**
 * Compiles the JSONPath of an input path or transformer: steps to one value, as EventBridge takes them.
 * @returns reads the value, undefined where there is none.
 * @throws Error for a path with anything else in it.
 */
export function compilePath(path: string): (root: unknown) => unknown {
  const steps: string[] = [];
  let rest = path.startsWith('$') ? path.slice(1) : `.${path}`;
  while (rest !== '') {
    const [text = '', dotted, index, single, double] = STEP.exec(rest) ?? [];
    if (text === '') throw new Error(`the path ${path} is not made of .name, ['name'] and [0] alone`);
    steps.push(dotted ?? index ?? single ?? double ?? '');
    rest = rest.slice(text.length);
  }
  return (root) => steps.reduce(valueAt, root);
}

function valueAt(value: unknown, step: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
  return Reflect.get(value, step);
}
