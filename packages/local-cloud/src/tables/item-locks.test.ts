import { setImmediate as turn } from 'node:timers/promises';

import { ItemLocks } from './item-locks.ts';

describe('locks on items', () => {
  it('let one at a time have an item, in the order in which they asked', async () => {
    const locks = new ItemLocks();
    const order: string[] = [];
    const work = async (name: string) => {
      const release = await locks.acquire(['a']);
      order.push(`${name} begins`);
      await turn();
      order.push(`${name} ends`);
      release();
    };

    await Promise.all([work('first'), work('second'), work('third')]);

    expect(order).toEqual([
      'first begins',
      'first ends',
      'second begins',
      'second ends',
      'third begins',
      'third ends',
    ]);
  });

  it('do not hold up other items', async () => {
    const locks = new ItemLocks();
    await locks.acquire(['a']);

    const release = await locks.acquire(['b']);

    expect(release).toBeInstanceOf(Function);
  });

  it('never end in a ring of waiting, and take an item once that is named twice', async () => {
    const locks = new ItemLocks();
    const hold = async (items: string[]) => {
      const release = await locks.acquire(items);
      await turn();
      release();
    };

    const all = Array.from({ length: 50 }, (_, index) => hold(index % 2 ? ['a', 'b', 'a'] : ['b', 'a']));

    await expect(Promise.all(all)).resolves.toHaveLength(50);
  });
});
