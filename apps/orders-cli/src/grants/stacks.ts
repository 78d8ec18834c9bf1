import { openShop } from '../testing/shop.ts';
import { synthesizedWith } from '../synthesis.ts';
import { EVERYDAY } from './everyday-paths.ts';
import { type Path, proveGrants, type ProvenGrant } from './proof.ts';
import { FAULTS, RARE } from './rare-paths.ts';
import { WalkedShop } from './walked-shop.ts';

/** Settings of the stack: those that it is deployed with by default, without queues, and without what costs money. */
const STACKS = {
  standard: {},
  direct: { ORDERSTREAM_DELIVERY: 'direct' },
  'free-tier': { ORDERSTREAM_PRESET: 'free-tier' },
} as const satisfies Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Synthesizes the stack, runs it from its bundles and walks the paths: all of them, unless some are given. */
export async function provenIn(
  stack: keyof typeof STACKS,
  paths: readonly Path[] = [...EVERYDAY, ...RARE],
): Promise<readonly ProvenGrant[]> {
  const { stackFile, remove } = await synthesizedWith(STACKS[stack]);
  try {
    const shop = await openShop({ stackFile, ...(paths.length > 0 && { faults: FAULTS }) });
    try {
      return await proveGrants(new WalkedShop(shop), paths);
    } finally {
      await shop.close();
    }
  } finally {
    remove();
  }
}
