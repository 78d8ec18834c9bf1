import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import type { Change } from './change.ts';
import { RecentChanges } from './recent-changes.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const change = (position: number) =>
  ({ position, itemKey: 'o-1', record: {}, json: 'x'.repeat(1024 * 1024) }) as unknown as Change;

it('changes that no longer fit into memory are let go', async () => {
  const recent = new RecentChanges();
  const pushed = Array.from({ length: 40 }, (_, index) => {
    const one = change(index + 1);
    recent.push(one);
    return new WeakRef(one);
  });

  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();

  const held = pushed.filter((one) => one.deref() !== undefined);
  expect(held.length).toBeLessThanOrEqual(16);
  expect(recent.after(32, 100)?.map(({ position }) => position)).toEqual([33, 34, 35, 36, 37, 38, 39, 40]);
  expect(recent.after(31, 100)).toBeUndefined();
});
