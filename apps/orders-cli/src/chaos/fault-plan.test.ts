import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFaultPlan } from '@orderstream/local-cloud';
import { FAULT_KINDS, faultPlan, outagePlan, type Fault } from './fault-plan.ts';

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

it.each(SEEDS)('the cloud takes the plans of seed %i', (seed) => {
  const folder = mkdtempSync(join(tmpdir(), 'plan-'));
  const file = join(folder, 'faults.json');
  for (const plan of [faultPlan(seed, 1), outagePlan(seed, 2)]) {
    writeFileSync(file, JSON.stringify(plan));

    expect(() => readFaultPlan(file)).not.toThrow();
  }
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

  expect(faultPlan(1, 0, { faults: [extra] }).faults[0]).toBe(extra);
});

it('dies in a life that is to die, and in no other', () => {
  const kinds = faultPlan(1, 0, { dies: false }).faults.map(({ kind }) => kind);

  expect(kinds).not.toContain('kill');
});

it('an outage keeps a reader, a consumer and the goods away, each of them with some seed', () => {
  const away = (seed: number) =>
    outagePlan(seed, 0).faults.flatMap(({ name, probability }) =>
      probability === 1 && name !== undefined ? [name] : [],
    );

  expect(away(7)).toEqual(['executions are forbidden', 'index-products is away', 'goods are locked']);
  expect(new Set([1, 2, 3, 4, 5, 6, 7, 8].flatMap(away)).size).toBe(8);
  // Orders' events wait behind their executions: nobody would miss them who hears of nothing else.
  expect([1, 4, 7, 10, 13].map((seed) => away(seed)[1])).toEqual(
    [1, 0, 1, 0, 1].map((index) => `${['refresh-cache', 'index-products'][index]} is away`),
  );
});
