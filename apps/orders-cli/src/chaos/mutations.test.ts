import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../prepare.ts';
import { faultPlan } from './fault-plan.ts';
import { MUTATIONS } from './mutations.ts';

describe.each(MUTATIONS)('without $name', ({ file, find, replace, apps, faults }) => {
  it('changes one place of a source that is there', () => {
    const parts = readFileSync(join(ROOT, file), 'utf8').split(find);

    expect(parts).toHaveLength(2);
    expect(replace).not.toBe(find);
  });

  it('is built into apps that are there', () => {
    expect(apps.length).toBeGreaterThan(0);
    for (const app of apps) expect(existsSync(join(ROOT, 'apps', app, 'src/handler.ts'))).toBe(true);
  });

  it('brings faults that go with the usual ones', () => {
    const names = faultPlan(1, 0, { faults }).faults.flatMap(({ name }) => name ?? []);

    expect(new Set(names).size).toBe(names.length);
  });
});

it('every protection is called by one name', () => {
  expect(new Set(MUTATIONS.map(({ name }) => name)).size).toBe(MUTATIONS.length);
});
