import type { Rule, RuleTarget } from '../stack/model.ts';
import type { BusEvent } from './event.ts';
import { compilePath } from './json-path.ts';

/** Reads from an event, parsed anew from its JSON text. */
type Reader = (root: unknown, event: BusEvent) => unknown;

/** A piece of a template: text as it stands, or a value, and whether that stands inside a JSON string. */
type Piece = string | { readonly read: Reader; readonly quoted: boolean };

const PLACEHOLDER = /<([\w.-]+)>/g;

/**
 * Compiles what a target gets of an event: the event itself, a constant, a part of it, or a template filled from it.
 *
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 * @throws Error for a path or a placeholder that EventBridge would not take.
 */
export function compileInput(
  rule: Pick<Rule, 'name' | 'arn'>,
  { input, inputPath, inputTransformer }: Pick<RuleTarget, 'input' | 'inputPath' | 'inputTransformer'>,
): (event: BusEvent) => string {
  if (input !== undefined) return () => input;
  if (inputPath !== undefined) {
    const read = compilePath(inputPath);
    return ({ json }) => JSON.stringify(read(JSON.parse(json)) ?? null);
  }
  if (inputTransformer === undefined) return ({ json }) => json;

  const readers = new Map<string, Reader>(Object.entries(predefined(rule)));
  for (const [name, path] of Object.entries(inputTransformer.paths)) readers.set(name, compilePath(path));
  const pieces = compileTemplate(inputTransformer.template, readers);
  return (event) => {
    const root: unknown = JSON.parse(event.json);
    return pieces.map((piece) => (typeof piece === 'string' ? piece : fill(piece, root, event))).join('');
  };
}

function predefined({ name, arn }: Pick<Rule, 'name' | 'arn'>): Record<string, Reader> {
  const ingestionTime: Reader = (_, { acceptedAt }) => new Date(acceptedAt).toISOString();
  const json: Reader = (root) => root;
  return {
    'aws.events.rule-arn': () => arn,
    'aws.events.rule-name': () => name,
    'aws.events.event.ingestion-time': ingestionTime,
    'aws.events.event.json': json,
    'aws.events.event': (_, event) => {
      const { id, account, source, region, resources, version } = event.envelope;
      const time = ingestionTime(_, event);
      return { id, account, detailType: event.detailType, time, source, region, resources, version };
    },
  };
}

function compileTemplate(template: string, readers: ReadonlyMap<string, Reader>): Piece[] {
  const pieces: Piece[] = [];
  let quoted = false;
  let end = 0;
  for (const { 0: placeholder, 1: name = '', index } of template.matchAll(PLACEHOLDER)) {
    const read = readers.get(name);
    if (!read)
      throw new Error(`the input template contains invalid placeholder ${name}: name it in the paths`);
    const text = template.slice(end, index);
    quoted = quoted !== hasOddQuotes(text);
    pieces.push(text, { read, quoted });
    end = index + placeholder.length;
  }
  pieces.push(template.slice(end));
  return pieces;
}

function hasOddQuotes(text: string): boolean {
  const quotes = [...text.matchAll(/\\.|"/g)].filter(([match]) => match === '"');
  return quotes.length % 2 === 1;
}

function fill({ read, quoted }: Exclude<Piece, string>, root: unknown, event: BusEvent): string {
  const value = read(root, event);
  if (!quoted) return JSON.stringify(value ?? '');
  if (value === undefined) return '';
  const json = JSON.stringify(value);
  return typeof value === 'string' ? json.slice(1, -1) : json.replaceAll('"', '');
}
