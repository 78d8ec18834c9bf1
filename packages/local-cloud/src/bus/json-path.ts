import type { JsonNode } from './pattern-json.ts';

type Step = { readonly key: string } | { readonly index: number } | 'every';

/** One step: `.name`, `[0]`, `.*` or `[*]`, or `['name']`. */
const STEP = /^(?:(\.\*|\[\*\])|\.([^.[\]'"*]+)|\[(\d+)\]|\[(?:'([^']*)'|"([^"]*)")\])/;

/** How a name may be written in a path: after a dot only, or in brackets, too. */
export type Notation = 'dots' | 'dots and brackets';

/**
 * Compiles the JSONPath of an input path or transformer, as far as EventBridge takes it. A path with a wildcard makes
 * an array of all it finds, also when that is nothing.
 *
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 * @returns reads the value, undefined where there is none.
 * @throws Error for a path with anything else in it.
 */
export function compilePath(path: string, notation: Notation): (root: JsonNode) => JsonNode | undefined {
  const steps: Step[] = [];
  let rest = path.startsWith('$') ? path.slice(1) : `.${path}`;
  while (rest !== '') {
    const [text = '', every, dotted, index, single, double] = STEP.exec(rest) ?? [];
    const bracketed = single ?? double;
    if (text === '' || (bracketed !== undefined && notation === 'dots')) throw notAPath(path, notation);
    if (every !== undefined) steps.push('every');
    else if (index !== undefined) steps.push({ index: Number(index) });
    else steps.push({ key: dotted ?? bracketed ?? '' });
    rest = rest.slice(text.length);
  }
  if (!steps.includes('every')) return (root) => found(root, steps)[0];
  return (root) => ({ kind: 'array', items: found(root, steps) });
}

function found(root: JsonNode, steps: readonly Step[]): JsonNode[] {
  return steps.reduce((nodes, step) => nodes.flatMap((node) => inside(node, step)), [root]);
}

/** What a step finds in a value. Of a repeated key the last one counts, as for every reader of JSON. */
function inside(node: JsonNode, step: Step): readonly JsonNode[] {
  if (node.kind === 'array') {
    if (step === 'every') return node.items;
    return 'index' in step ? node.items.slice(step.index, step.index + 1) : [];
  }
  if (node.kind !== 'object') return [];
  if (step === 'every') return node.entries.map(([, value]) => value);
  if (!('key' in step)) return [];
  const last = node.entries.findLast(([key]) => key === step.key);
  return last ? [last[1]] : [];
}

function notAPath(path: string, notation: Notation): Error {
  const steps = notation === 'dots' ? '.name, [0] and [*]' : ".name, ['name'], [0] and [*]";
  return new Error(`the path ${path} may be made of ${steps} alone`);
}
