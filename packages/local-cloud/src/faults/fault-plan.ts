import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { ALLOWED, type Fault, type FaultKind, type FaultPlan, KINDS } from './fault.ts';
import { SERVICES } from './services.ts';

/** Faults that can't be injected as they are written: every problem as a sentence that names what is allowed. */
export class FaultPlanError extends Error {
  readonly problems: readonly string[];

  constructor(source: string, problems: readonly string[]) {
    super(`${source} can't be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'FaultPlanError';
    this.problems = problems;
  }
}

/** Reads a fault file. @throws FaultPlanError */
export function readFaultPlan(file: string): FaultPlan {
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FaultPlanError(file, [`It is no readable JSON file: ${reason}. See docs/faults.md.`]);
  }
  return parseFaultPlan(document, file);
}

const planSchema = z.strictObject({ seed: z.int(), faults: z.array(z.unknown()) });
const kindSchema = z.object({ kind: z.enum(Object.keys(KINDS) as [FaultKind, ...FaultKind[]]) });

/**
 * Checks what a fault file holds, or what a test wrote as one.
 *
 * @param source how problems call it. @throws FaultPlanError for what is unknown, missing, or can't go together.
 */
export function parseFaultPlan(document: unknown, source = 'The fault plan'): FaultPlan {
  const plan = planSchema.safeParse(document);
  if (!plan.success)
    throw new FaultPlanError(source, problemsOf(plan.error, document, '', ['seed', 'faults']));
  const problems: string[] = [];
  const faults: Fault[] = [];
  for (const [index, given] of plan.data.faults.entries()) {
    const fault = parseFault(given, `faults[${index}]`, problems);
    if (fault) faults.push(fault);
  }
  problems.push(...sameNames(faults));
  if (problems.length > 0) throw new FaultPlanError(source, problems);
  return { seed: plan.data.seed, faults };
}

/** What a fault is called: its own name, or what it does where. Its dice hang on it, so no two may have the same. */
export function nameOf({ name, kind, service, operation, function: pattern }: Fault): string {
  if (name !== undefined) return name;
  const what = [service, operation, pattern && `of ${pattern}`].filter((part) => part !== undefined);
  return `${kind} ${what.join(' ')}`;
}

function parseFault(given: unknown, place: string, problems: string[]): Fault | undefined {
  const kind = kindSchema.safeParse(given);
  if (!kind.success) {
    problems.push(...problemsOf(kind.error, given, place, []));
    return undefined;
  }
  const schema = KINDS[kind.data.kind];
  const fault = schema.safeParse(given);
  if (!fault.success) {
    problems.push(...problemsOf(fault.error, given, place, Object.keys(schema.shape)));
    return undefined;
  }
  const mismatches = mismatchesIn(fault.data).map((problem) => `${place}.${problem}`);
  problems.push(...mismatches);
  return mismatches.length === 0 ? fault.data : undefined;
}

/** What each member allows, and the fault as a whole does not. */
function mismatchesIn(fault: Fault): string[] {
  const { service, operation, kind, after = 0, until } = fault;
  const operations: readonly string[] = SERVICES[service].operations;
  const problems: string[] = [];
  if (operation !== undefined && !operations.includes(operation)) {
    problems.push(notAllowed('operation', operation, `of ${service}: ${operations.join(', ')}`));
  }
  if (kind === 'crash' && service !== 'lambda') {
    problems.push(notAllowed('service', service, 'with kind crash: lambda'));
  }
  if (kind === 'reorder' && service !== 'lambda' && service !== 'targets') {
    problems.push(notAllowed('service', service, 'with kind reorder: lambda, targets'));
  }
  if (kind === 'timeout' && service === 'lambda' && fault.ms !== undefined) {
    problems.push(notAllowed('ms', fault.ms, 'with service lambda: none, the function’s own timeout counts'));
  }
  if (until !== undefined && until <= after) {
    problems.push(notAllowed('until', until, `seconds after ${after}`));
  }
  return problems;
}

function sameNames(faults: readonly Fault[]): string[] {
  const names = faults.map(nameOf);
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [...twice].map((name) => `Two faults are called "${name}": give each a "name" of its own.`);
}

/** @param members that are allowed at the place itself. */
function problemsOf(error: z.ZodError, given: unknown, place: string, members: readonly string[]): string[] {
  return error.issues.flatMap((issue) => {
    const [member] = issue.path;
    if (member !== undefined) return memberProblem(String(member), given, place);
    if (issue.code !== 'unrecognized_keys') {
      return `${place || 'The document'} must be an object, not ${JSON.stringify(given)}.`;
    }
    return issue.keys.map(
      (key) =>
        `${dotted(place, key)}: ${JSON.stringify(valueOf(given, key))} is not allowed, as there is no such member; allowed: ${members.join(', ')}.`,
    );
  });
}

function memberProblem(member: string, given: unknown, place: string): string {
  const kind = valueOf(given, 'kind');
  const allowed = ALLOWED[member] ?? ALLOWED[`${member} of ${String(kind)}`] ?? 'a text';
  const value = valueOf(given, member);
  if (value === undefined) return `${dotted(place, member)} is missing; allowed: ${allowed}.`;
  return place === '' ? notAllowed(member, value, allowed) : `${place}.${notAllowed(member, value, allowed)}`;
}

function notAllowed(member: string, value: unknown, allowed: string): string {
  return `${member}: ${JSON.stringify(value)} is not allowed; allowed: ${allowed}.`;
}

function dotted(place: string, member: string): string {
  return place === '' ? member : `${place}.${member}`;
}

function valueOf(given: unknown, member: string): unknown {
  return typeof given === 'object' && given !== null ? Reflect.get(given, member) : undefined;
}
