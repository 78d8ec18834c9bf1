import type { CommandInput } from '../command.ts';
import { UsageError } from '../errors.ts';
import { printJson, say, table } from '../output.ts';
import type { StaffApi } from '../staff-api.ts';
import { act } from './act.ts';
import { DeadLetters, type Letter, type Verb } from './letters.ts';
import { recordFrom } from './record-file.ts';
import { filtersOf, selectionOf } from './selection.ts';
import { countsBy, letterTable, NONE_WAITS } from './text.ts';
import { wholeIds } from './whole-ids.ts';

/** What is to be done once the API is there; answers the exit code. */
export type Work = (api: StaffApi) => Promise<number>;

interface VerbOfDlq {
  /** Options besides those that all commands take. */
  readonly options: readonly string[];
  /** How many ids it takes. */
  readonly ids: { readonly least: number; readonly most: number };
  /** Reads what is given. @throws UsageError before anything is asked. */
  read(ids: readonly string[], input: CommandInput): Work | Promise<Work>;
}

const FILTERS = ['kind', 'source', 'cause'] as const;

/** The verbs of `orders dlq`. */
const VERBS: Readonly<Record<string, VerbOfDlq>> = {
  list: { options: [...FILTERS, 'by'], ids: { least: 0, most: 0 }, read: list },
  show: { options: [], ids: { least: 1, most: 1 }, read: show },
  redrive: acting('redrive'),
  discard: acting('discard'),
  edit: { options: ['from'], ids: { least: 1, most: 1 }, read: edit },
};

/** Options that only some verbs take. */
const OWN_OPTIONS = [...FILTERS, 'by', 'all', 'dry-run', 'from'];

/** What a call of `orders dlq` means. @throws UsageError for a verb, a number of ids or an option that does not fit. */
export async function workOf(input: CommandInput, usage: string): Promise<Work> {
  const [name = '', ...ids] = input.operands;
  const verb = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined;
  if (verb === undefined)
    throw new UsageError(`There is no dlq ${name}. There is ${Object.keys(VERBS).join(', ')}.`);
  const foreign = OWN_OPTIONS.find(
    (each) => input.values[each] !== undefined && !verb.options.includes(each),
  );
  if (foreign !== undefined)
    throw new UsageError(`--${foreign} does not go with dlq ${name}. Usage: orders ${usage}`);
  if (ids.length < verb.ids.least || ids.length > verb.ids.most)
    throw new UsageError(
      `dlq ${name} takes ${verb.ids.most === 0 ? 'no id' : 'one id'}. Usage: orders ${usage}`,
    );
  return verb.read(ids, input);
}

function list(_: readonly string[], { values, signal }: CommandInput): Work {
  const filters = filtersOf(values);
  const by = FILTERS.find((each) => each === values['by']);
  if (by === undefined && values['by'] !== undefined)
    throw new UsageError(`--by is ${String(values['by'])}, but must be one of ${FILTERS.join(', ')}.`);
  return async (api) => {
    const letters: Letter[] = [];
    const all = new DeadLetters(api);
    for await (const letter of all.list(filters, signal)) letters.push(letter);
    const groups = by && countsBy(letters, by);
    if (values['json'] === true) printJson(groups ?? letters);
    else if (groups === undefined)
      process.stdout.write(`${letterTable(letters, letters.length === 0 ? 0 : await api.now())}\n`);
    else if (groups.length === 0) process.stdout.write(`${NONE_WAITS}\n`);
    else process.stdout.write(`${table(groups.map((row) => Object.values(row)))}\n`);
    if (all.incomplete === undefined) return 0;
    say(all.incomplete);
    return 1;
  };
}

function show(given: readonly string[], { values, signal }: CommandInput): Work {
  return async (api) => {
    const letters = new DeadLetters(api);
    const [id = ''] = await wholeIds(letters, given, signal);
    const letter = await letters.show(id, signal);
    const { kind, source, at, message, payload } = letter;
    if (values['json'] !== true) say(`${kind} of ${source}, since ${at}: ${message}`);
    printJson(values['json'] === true ? letter : payload);
    return 0;
  };
}

function acting(verb: Verb): VerbOfDlq {
  return {
    options: [...FILTERS, 'all', 'dry-run'],
    ids: { least: 0, most: Infinity },
    read: (ids, { values, signal }) => {
      const selection = selectionOf(verb, ids, values);
      const dryRun = values['dry-run'] === true;
      const json = values['json'] === true;
      return async (api) => {
        const letters = new DeadLetters(api);
        const meant =
          ids.length === 0 ? selection : { ids: await wholeIds(letters, [...new Set(ids)], signal) };
        return act(letters, { verb, selection: meant, dryRun, json }, signal);
      };
    },
  };
}

async function edit(given: readonly string[], { values, signal }: CommandInput): Promise<Work> {
  const record = await recordFrom(values);
  return async (api) => {
    const letters = new DeadLetters(api);
    const [id = ''] = await wholeIds(letters, given, signal);
    const letter = await letters.correct(id, record, signal);
    if (values['json'] === true) printJson(letter);
    else process.stdout.write(`Corrected. Replay it: orders dlq redrive ${letter.id}\n`);
    return 0;
  };
}
