/** Writes docs/events.md anew. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventCatalogue } from './catalogue.ts';

const file = join(import.meta.dirname, '../../../../docs/events.md');
writeFileSync(file, eventCatalogue());
console.log('docs/events.md is written.');
