import type { Command } from '../command.ts';
import { workOf } from '../dead-letters/verbs.ts';
import { openStaffApi, TARGET_OPTIONS } from '../staff-api.ts';

/** Operands at most: a verb and as many ids as the API takes in one call. */
const MOST_OPERANDS = 1_001;

/** `orders dlq`: what waits because nobody could handle it, and to have it handled. */
export const dlq: Command = {
  usage: 'dlq list|show|edit|redrive|discard [ID…|--all|--kind K|--source S|--cause C] [--dry-run]',
  summary:
    'Lists (--by cause), shows, corrects (--from FILE), replays or drops dead letters; exit 1 when one stays.',
  options: {
    kind: { type: 'string' },
    source: { type: 'string' },
    cause: { type: 'string' },
    by: { type: 'string' },
    all: { type: 'boolean' },
    'dry-run': { type: 'boolean' },
    from: { type: 'string' },
    ...TARGET_OPTIONS,
  },
  operands: { least: 1, most: MOST_OPERANDS },
  async run(input) {
    const work = await workOf(input, dlq.usage);
    return work(await openStaffApi(input));
  },
};
