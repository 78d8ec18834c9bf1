import { AwsError } from '../endpoint/service.ts';
import type { Rule, RuleTarget } from '../stack/model.ts';
import type { BusEvent } from './event.ts';
import { compileTemplate, isTemplateText } from './input-template.ts';
import type { Piece } from './input-template.ts';
import { compilePath } from './json-path.ts';
import { writeJson } from './json-text.ts';
import { readJson } from './pattern-json.ts';
import type { JsonNode } from './pattern-json.ts';

/** Makes of an event what a target gets. */
export type Input = (event: BusEvent) => string;

/** Reads a value of an event; undefined where there is none. */
type Reader = (root: JsonNode, event: BusEvent) => JsonNode | undefined;

/** Variables that a transformer may name. */
const MOST_PATHS = 100;
const VARIABLE = /^[A-Za-z0-9_-]+$/;

/**
 * Compiles what a target gets of an event: the event itself, a constant, a part of it, or a template filled from it.
 * Parts of the event keep the spelling of their numbers and their repeated keys.
 *
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 * @returns what makes the input; it throws AwsError `InvalidJson` where the values break the template.
 * @throws Error for a path or a template that EventBridge would not take.
 */
export function compileInput(
  rule: Pick<Rule, 'name' | 'arn'>,
  { input, inputPath, inputTransformer }: Pick<RuleTarget, 'input' | 'inputPath' | 'inputTransformer'>,
): Input {
  if (input !== undefined) return () => input;
  if (inputPath !== undefined) {
    const read = compilePath(inputPath, 'dots and brackets');
    return ({ json }) => writeJson(read(readJson(json)) ?? { kind: 'literal', value: null });
  }
  if (inputTransformer === undefined) return ({ json }) => json;

  const readers = new Map([...predefined(rule), ...ownVariables(inputTransformer.paths)]);
  const pieces = compileTemplate(inputTransformer.template, readers);
  return (event) => {
    const root = readJson(event.json);
    const text = pieces
      .map((piece) => (typeof piece === 'string' ? piece : fill(piece, root, event)))
      .join('');
    if (isTemplateText(text)) return text;
    throw new AwsError('InvalidJson', `The input template made no JSON: ${text}`);
  };
}

function ownVariables(paths: Readonly<Record<string, string>>): [string, Reader][] {
  const entries = Object.entries(paths);
  if (entries.length > MOST_PATHS) {
    throw new Error(`there are ${entries.length} input paths: ${MOST_PATHS} is the most`);
  }
  return entries.map(([name, path]) => {
    if (!VARIABLE.test(name)) {
      throw new Error(`the input path ${name} must be named with letters, digits, _ and - alone`);
    }
    return [name, compilePath(path, 'dots')];
  });
}

function predefined({ name, arn }: Pick<Rule, 'name' | 'arn'>): [string, Reader][] {
  const string = (text: string): JsonNode => ({ kind: 'string', text });
  return [
    ['aws.events.rule-arn', () => string(arn)],
    ['aws.events.rule-name', () => string(name)],
    ['aws.events.event.ingestion-time', (_, event) => string(ingestionTime(event))],
    ['aws.events.event.json', (root) => root],
    ['aws.events.event', (_, event) => readJson(JSON.stringify(withoutDetail(event)))],
  ];
}

function ingestionTime({ acceptedAt }: BusEvent): string {
  return new Date(acceptedAt).toISOString();
}

/** The event as `aws.events.event` has it: in an order and under names of its own. */
function withoutDetail(event: BusEvent) {
  const { id, account, source, region, resources, version } = event.envelope;
  const { detailType } = event;
  return { id, account, detailType, time: ingestionTime(event), source, region, resources, version };
}

/**
 * A placeholder's text. Outside quotes it is JSON. Inside them a string goes in as it is, without being escaped, and
 * an object or an array loses its own quotes.
 */
function fill({ read, quoted }: Exclude<Piece<Reader>, string>, root: JsonNode, event: BusEvent): string {
  const node = read(root, event);
  if (!quoted) return node ? writeJson(node) : '""';
  if (!node) return '';
  return node.kind === 'string' ? node.text : writeJson(node).replaceAll(/(\\[^"])|\\?"/g, '$1');
}
