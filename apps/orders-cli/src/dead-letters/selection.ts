import type { CommandInput } from '../command.ts';
import { UsageError } from '../errors.ts';
import { KINDS, type Filters, type Selection, type Verb } from './letters.ts';

type Values = CommandInput['values'];

/** The filters that options give. @throws UsageError for a kind that there is not, and for an empty value. */
export function filtersOf(values: Values): Filters {
  const kind = textOf(values, 'kind');
  if (kind !== undefined && !KINDS.some((each) => each === kind))
    throw new UsageError(`--kind is ${kind}, but must be one of ${KINDS.join(', ')}.`);
  const given = { kind, source: textOf(values, 'source'), cause: textOf(values, 'cause') };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/**
 * Which letters a redrive or a discard is about.
 * @throws UsageError unless exactly one way of selecting is used: nothing is meant by leaving it out.
 */
export function selectionOf(verb: Verb, ids: readonly string[], values: Values): Selection {
  const filters = filtersOf(values);
  const ways = [
    ...(ids.length > 0 ? [{ ids }] : []),
    ...(values['all'] === true ? [{ all: true } as const] : []),
    ...(Object.keys(filters).length > 0 ? [filters] : []),
  ];
  const [way, another] = ways;
  if (way !== undefined && another === undefined) return way;
  const problem = way === undefined ? 'needs to know which' : 'takes one way of selecting, not several';
  throw new UsageError(
    `dlq ${verb} ${problem}: ids, or --all, or any of --kind, --source and --cause. See them: orders dlq list`,
  );
}

function textOf(values: Values, option: string): string | undefined {
  const given = values[option];
  if (given === undefined || (typeof given === 'string' && given.trim() !== '')) return given?.toString();
  throw new UsageError(`--${option} is empty. Give what orders dlq list shows, or leave it out.`);
}
