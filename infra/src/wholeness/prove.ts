import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { STACK_ID } from '../stack.ts';
import type { StackDocument } from './document.ts';
import type { Finding } from './finding.ts';
import { findingsIn } from './rules.ts';

/** A synthesized stack is not whole; the message names each finding with what to do. */
export class StackBroken extends Error {
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[]) {
    const lines = findings.map((one) => `  ${one.address}: ${one.problem}. ${one.remedy} (${one.rule})`);
    super(`The stack is not whole, so it must not be deployed:\n${lines.join('\n')}`);
    this.name = 'StackBroken';
    this.findings = findings;
  }
}

/**
 * Reads the stack that was synthesized into a folder, and holds every rule against it.
 *
 * @throws StackBroken where a rule finds something.
 */
export function proveWhole(outdir: string): void {
  const document: StackDocument = JSON.parse(
    readFileSync(join(outdir, 'stacks', STACK_ID, 'cdk.tf.json'), 'utf8'),
  );
  const findings = findingsIn(document);
  if (findings.length > 0) throw new StackBroken(findings);
}
