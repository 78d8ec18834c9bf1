/** Writes docs/grants.md anew: walks every path of the shop in each stack, which takes a minute. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { grantsPage, PAGE } from './grants/page.ts';
import { provenIn } from './grants/stacks.ts';
import { ROOT } from './prepare.ts';

writeFileSync(join(ROOT, PAGE), grantsPage(await provenIn('standard'), await provenIn('direct')));
console.log(`${PAGE} is written.`);
