import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { capacityPage } from './capacity/page.ts';
import { HOT_SHARE } from './commands/capacity.ts';
import { costPage } from './cost/page.ts';
import { readRecording } from './cost/recording.ts';
import { ROOT } from './prepare.ts';

it.each([
  ['docs/cost.md', () => costPage(readRecording('standard'), readRecording('free-tier'))],
  ['docs/capacity.md', () => capacityPage(readRecording('standard'), HOT_SHARE)],
])('%s is up to date (npm run docs writes it)', (file, page) => {
  expect(readFileSync(join(ROOT, file), 'utf8')).toBe(page());
});
