import os from 'node:os';
import { SpareCpu } from './spare-cpu.ts';

/** An idle machine whose window has passed, and a process that holds so many bytes. */
function machine(resident: number): SpareCpu {
  let idle = 0;
  jest.spyOn(os, 'cpus').mockImplementation(() => {
    idle += 1_000;
    return [{ model: '', speed: 0, times: { user: 0, nice: 0, sys: 0, irq: 0, idle } }];
  });
  jest.spyOn(performance, 'now').mockReturnValueOnce(0).mockReturnValue(1_000);
  jest.spyOn(process, 'cpuUsage').mockReturnValue({ user: 0, system: 0 });
  jest.spyOn(process.memoryUsage, 'rss').mockReturnValue(resident);
  return new SpareCpu();
}
afterEach(() => jest.restoreAllMocks());

it.each`
  resident         | takes
  ${400_000_000}   | ${true}
  ${1_000_000_000} | ${false}
`('an idle machine takes another thread of a process of $resident bytes: $takes', ({ resident, takes }) => {
  expect(machine(Number(resident)).take()).toBe(takes);
});
