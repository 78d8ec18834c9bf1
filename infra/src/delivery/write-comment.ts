import { readFileSync, writeFileSync } from 'node:fs';
import { diffComment } from './diff-comment.ts';

/** `node infra/src/delivery/write-comment.ts PLAN COMMENT`: what CI says of a plan on a pull request. */
const [plan, comment] = process.argv.slice(2);
if (plan === undefined || comment === undefined) {
  console.error('Usage: node infra/src/delivery/write-comment.ts PLAN COMMENT');
  process.exitCode = 2;
} else {
  writeFileSync(comment, diffComment(readFileSync(plan, 'utf8')));
}
