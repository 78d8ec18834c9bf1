/** Writes docs/operating/alarms.md anew, from the synthesized stack. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readStack } from '@orderstream/local-cloud';
import { alarmsPage, PAGE } from './alarms/page.ts';
import { prepareStack, ROOT } from './prepare.ts';

const stackFile = await prepareStack(console.log, AbortSignal.timeout(300_000));
writeFileSync(join(ROOT, PAGE), alarmsPage(readStack(stackFile).alarms));
console.log(`${PAGE} is written.`);
