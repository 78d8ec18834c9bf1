import { readFileSync } from 'node:fs';
import { gateProblems } from './gate.ts';

/** `node infra/src/delivery/check-gate.ts ENVIRONMENT`: exit 1 where the environment would let a deployment through unseen. */
const [file] = process.argv.slice(2);
if (file === undefined) {
  console.error('Usage: node infra/src/delivery/check-gate.ts ENVIRONMENT');
  process.exitCode = 2;
} else {
  const problems = gateProblems(JSON.parse(readFileSync(file, 'utf8')));
  for (const problem of problems)
    console.log(`::error::The environment prod ${problem}: docs/operating/ci-cd.md.`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
