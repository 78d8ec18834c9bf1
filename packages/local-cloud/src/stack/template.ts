/** A step into a value: a member's name or a place in a list. */
export type Step = string | number;

/** A reference as Terraform writes it (`aws_sqs_queue.mail.arn`), with its steps from the root. */
export interface Reference {
  readonly text: string;
  readonly steps: readonly Step[];
}

/** A piece of a template string: text that stands for itself, or a reference whose value goes in its place. */
export type TemplatePart = string | Reference;

/** An expression that is not evaluated here. */
export class TemplateError extends Error {
  constructor(expression: string, problem: string) {
    super(
      `${expression} ${problem}. Only references are resolved (type.name.attribute, data.…, var.…, local.…): ` +
        'compute the value in TypeScript, before the stack is synthesized',
    );
    this.name = 'TemplateError';
  }
}

/** Where something other than plain text begins, escapes included (`$${` stands for `${`). */
const OPENING = /\$\$\{|%%\{|\$\{|%\{/g;
const TRAVERSAL = /\s*([A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*|\.\d+|\[\d+\]|\["[^"\\]*"\])*)\s*\}/y;
const STEP = /[A-Za-z_][\w-]*|\d+|"[^"]*"/g;

/**
 * Splits a string of Terraform's JSON syntax into its text and its references.
 *
 * @throws {TemplateError} for function calls, operators, splats and `%{…}` directives.
 * @see https://developer.hashicorp.com/terraform/language/syntax/json#expression-mapping
 */
export function parseTemplate(text: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let literal = '';
  let position = 0;
  for (let opening = nextOpening(text, 0); opening; opening = nextOpening(text, position)) {
    literal += text.slice(position, opening.index);
    position = opening.index + opening.text.length;
    if (opening.text.length === 3) {
      literal += opening.text.slice(1);
      continue;
    }
    if (literal !== '') parts.push(literal);
    literal = '';
    const reference = readReference(text, opening);
    parts.push(reference.value);
    position = reference.end;
  }
  literal += text.slice(position);
  if (literal !== '') parts.push(literal);
  return parts;
}

interface Opening {
  readonly index: number;
  readonly text: string;
}

function nextOpening(text: string, from: number): Opening | undefined {
  OPENING.lastIndex = from;
  const match = OPENING.exec(text);
  return match ? { index: match.index, text: match[0] } : undefined;
}

function readReference(text: string, opening: Opening): { value: Reference; end: number } {
  TRAVERSAL.lastIndex = opening.index + opening.text.length;
  const path = opening.text === '${' ? TRAVERSAL.exec(text)?.[1] : undefined;
  if (path === undefined) throw unreadable(text.slice(opening.index));
  const steps = (path.match(STEP) ?? []).map((step) =>
    /^\d/.test(step) ? Number(step) : step.replaceAll('"', ''),
  );
  return { value: { text: path, steps }, end: TRAVERSAL.lastIndex };
}

function unreadable(rest: string): TemplateError {
  const expression = rest.slice(0, rest.indexOf('}') + 1 || undefined);
  const called = /^\$\{\s*(\w+)\(/.exec(expression)?.[1];
  return new TemplateError(
    expression,
    called === undefined ? 'is not a reference' : `calls the function ${called}()`,
  );
}
