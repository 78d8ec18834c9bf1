import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { STACK_ID } from '../stack.ts';
import { synthesize } from '../testing/synthesized.ts';
import { proveWhole, StackBroken } from './prove.ts';

const { text } = synthesize();
const outdir = mkdtempSync(join(tmpdir(), 'orderstream-prove-'));
const folder = join(outdir, 'stacks', STACK_ID);

beforeAll(() => mkdirSync(folder, { recursive: true }));
afterAll(() => rmSync(outdir, { recursive: true }));

function proving(document: string): () => void {
  return () => {
    writeFileSync(join(folder, 'cdk.tf.json'), document);
    proveWhole(outdir);
  };
}

it('a whole stack passes', () => {
  expect(proving(text)).not.toThrow();
});

it('a broken one is refused, with what is wrong, what to do and the rule', () => {
  const broken = text.replaceAll('xray:PutTraceSegments', 'xray:Put*');

  expect(proving(broken)).toThrow(StackBroken);
  expect(proving(broken)).toThrow(
    /must not be deployed:\n(.*\n)* {2}aws_iam_role_policy\.\S+: policy allows xray:Put\*\. Name each action in full\. \(policies name what they allow\)\n/,
  );
});
