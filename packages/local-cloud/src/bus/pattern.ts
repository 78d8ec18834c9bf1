import type { Element, Leaf } from './pattern-operators.ts';
import { RepeatedKey } from './pattern-event.ts';
import { SpelledNumber } from './pattern-number.ts';
import { parsePattern } from './pattern-parse.ts';

export { InvalidPattern } from './pattern-operators.ts';
export { parseEvent } from './pattern-event.ts';

/** The element of an array of objects that a value lies in, and those around it. */
interface Place {
  readonly array: readonly unknown[];
  readonly index: number;
  readonly around: Place | undefined;
}

interface Found {
  readonly leaf: Leaf;
  readonly place: Place | undefined;
}

/** The paths that a pattern asks for, as a tree over their steps. */
interface Step {
  readonly steps: Map<string, Step>;
  /** Number of the path that ends here. */
  field: number | undefined;
}

/** A field of one alternative, in the order in which AWS's matcher looks at them. */
interface Field {
  readonly number: number;
  readonly elements: readonly Element[];
}

/**
 * Compiles an event pattern of EventBridge, which is also what event source mappings filter with. The answer tells
 * whether an event (parsed JSON; see {@link parseEvent}) matches.
 *
 * The rules are those of AWS's own matcher (github.com/aws/event-ruler): fields are joined with dots, an array in an
 * event matches when one element does, values from different elements of one array of objects do not combine.
 *
 * @throws InvalidPattern for a pattern that EventBridge refuses.
 */
export function compilePattern(json: string): (event: unknown) => boolean {
  const root: Step = { steps: new Map(), field: undefined };
  let count = 0;
  const alternatives = parsePattern(json).map((fields) =>
    [...fields.entries()]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, elements]): Field => {
        const end = stepsTo(root, path);
        end.field ??= count++;
        return { number: end.field, elements };
      }),
  );
  return (event) => {
    if (typeof event !== 'object' || event === null || Array.isArray(event)) return false;
    const found: Found[][] = Array.from({ length: count }, () => []);
    collect(event, root, undefined, found);
    return alternatives.some((fields) => holds(fields, 0, undefined, found));
  };
}

/** Compiles the pattern of something that has a name. @throws Error for one that EventBridge refuses, naming its owner. */
export function compilePatternOf(owner: string, json: string): (event: unknown) => boolean {
  try {
    return compilePattern(json);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${owner}: ${reason}`, { cause });
  }
}

function stepsTo(root: Step, path: string): Step {
  return path.split('.').reduce((step, name) => {
    const next = step.steps.get(name) ?? { steps: new Map<string, Step>(), field: undefined };
    step.steps.set(name, next);
    return next;
  }, root);
}

/** Gathers the values at the paths asked for; the rest of the event is not looked at. */
function collect(value: unknown, step: Step, place: Place | undefined, found: readonly Found[][]): void {
  if (isLeaf(value)) {
    if (step.field !== undefined) found[step.field]?.push({ leaf: value, place });
  } else if (Array.isArray(value)) {
    value.forEach((item: unknown, index) => {
      collect(item, step, isLeaf(item) ? place : { array: value, index, around: place }, found);
    });
  } else if (value instanceof RepeatedKey) {
    for (const each of value.values) collect(each, step, place, found);
  } else if (typeof value === 'object' && value !== null && step.steps.size > 0) {
    for (const [key, inner] of Object.entries(value)) {
      const next = key.includes('.') ? follow(step, key) : step.steps.get(key);
      if (next) collect(inner, next, place, found);
    }
  }
}

function isLeaf(value: unknown): value is Leaf {
  if (typeof value === 'object') return value === null || value instanceof SpelledNumber;
  return value !== undefined;
}

function follow(step: Step, key: string): Step | undefined {
  return key.split('.').reduce<Step | undefined>((next, name) => next?.steps.get(name), step);
}

/** Whether the fields from `next` on can be satisfied by values that lie in the same array elements. */
function holds(
  fields: readonly Field[],
  next: number,
  place: Place | undefined,
  found: readonly Found[][],
): boolean {
  const field = fields[next];
  if (!field) return true;
  const candidates = found[field.number] ?? [];
  let failedHere = false;
  for (const element of field.elements) {
    if (element.absent) {
      const present = candidates.some((candidate) => combine(place, candidate.place) !== 'apart');
      if (!present && holds(fields, next + 1, place, found)) return true;
      continue;
    }
    for (const candidate of candidates) {
      if (!element.test(candidate.leaf)) continue;
      const combined = combine(place, candidate.place);
      if (combined === 'apart' || (combined === place && failedHere)) continue;
      if (holds(fields, next + 1, combined, found)) return true;
      if (combined === place) failedHere = true;
    }
  }
  return false;
}

/** Both places together, or `apart` when they are different elements of one array. */
function combine(place: Place | undefined, other: Place | undefined): Place | 'apart' | undefined {
  let combined = place;
  for (let inner = other; inner; inner = inner.around) {
    const known = placeIn(place, inner.array);
    if (known && known.index !== inner.index) return 'apart';
    if (!known) combined = { array: inner.array, index: inner.index, around: combined };
  }
  return combined;
}

function placeIn(place: Place | undefined, array: readonly unknown[]): Place | undefined {
  for (let at = place; at; at = at.around) if (at.array === array) return at;
  return undefined;
}
