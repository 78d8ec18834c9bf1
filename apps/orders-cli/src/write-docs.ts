/** Writes docs/cost.md and docs/capacity.md anew, from the recorded readings. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { capacityPage } from './capacity/page.ts';
import { HOT_SHARE } from './commands/capacity.ts';
import { costPage } from './cost/page.ts';
import { readRecording } from './cost/recording.ts';
import { ROOT } from './prepare.ts';

const pages = {
  'docs/cost.md': costPage(readRecording('standard'), readRecording('free-tier')),
  'docs/capacity.md': capacityPage(readRecording('standard'), HOT_SHARE),
};
for (const [file, text] of Object.entries(pages)) {
  writeFileSync(join(ROOT, file), text);
  console.log(`${file} is written.`);
}
