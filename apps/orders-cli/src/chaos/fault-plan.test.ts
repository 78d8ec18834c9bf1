import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFaultPlan } from '@orderstream/local-cloud';
import { FAULT_KINDS, faultPlan, type Fault } from './fault-plan.ts';

const SEEDS = [0, 1, 7, 123_456];

it('one seed and life give one plan, another of either another', () => {
  expect(faultPlan(7, 2)).toEqual(faultPlan(7, 2));
  expect(faultPlan(7, 2)).not.toEqual(faultPlan(7, 3));
  expect(faultPlan(7, 2)).not.toEqual(faultPlan(8, 2));
});

it.each(SEEDS)('seed %i has every kind of fault, each one possible', (seed) => {
  const { faults } = faultPlan(seed, 0);

  expect(new Set(faults.map(({ kind }) => kind))).toEqual(new Set(FAULT_KINDS));
  for (const { probability } of faults) {
    expect(probability).toBeGreaterThan(0);
    expect(probability).toBeLessThan(1);
  }
});

it.each(SEEDS)('the cloud takes the plan of seed %i', (seed) => {
  const folder = mkdtempSync(join(tmpdir(), 'plan-'));
  const file = join(folder, 'faults.json');
  writeFileSync(file, JSON.stringify(faultPlan(seed, 1)));

  expect(() => readFaultPlan(file)).not.toThrow();
  rmSync(folder, { recursive: true });
});

it('strikes no calls but those of functions, and loses no answer about a mail', () => {
  for (const fault of faultPlan(3, 0).faults) {
    if (fault.service !== 'lambda' && fault.service !== 'targets' && fault.kind !== 'kill')
      expect(fault).toMatchObject({ function: '*' });
    if (fault.service === 'ses' || fault.service === 'sns')
      expect(['lostAnswer', 'duplicate', 'timeout']).not.toContain(fault.kind);
  }
});

it('puts extra faults before its own', () => {
  const extra: Fault = { service: 'ses', kind: 'throttle', probability: 0.5, name: 'extra' };

  expect(faultPlan(1, 0, [extra]).faults[0]).toBe(extra);
});

it('has the same two functions away in all lives of a seed', () => {
  const away = (seed: number, life: number) =>
    faultPlan(seed, life).faults.flatMap(({ name }) => (name?.endsWith(' is away') ? [name] : []));

  expect(away(7, 0)).toHaveLength(2);
  expect(away(7, 3)).toEqual(away(7, 0));
  expect(new Set([1, 2, 3, 4, 5, 6, 7, 8].flatMap((seed) => away(seed, 0))).size).toBe(6);
});
