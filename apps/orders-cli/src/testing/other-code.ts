import { readFileSync } from 'node:fs';
import type { LocalCloud } from '@orderstream/local-cloud';
import { strToU8, unzipSync, zipSync } from 'fflate';

/**
 * Has an app's function run other code from now on, which finds the deployed one beside it as `./real.cjs`.
 * @returns what puts the deployed one back.
 */
export async function runOtherCode(
  cloud: LocalCloud,
  app: string,
  code: string,
): Promise<() => Promise<void>> {
  const deployed = cloud.stack.functions.find(({ name }) => name.endsWith(`-${app}`));
  if (deployed === undefined) throw new Error(`The stack has no function of ${app}.`);
  const zip = readFileSync(deployed.package);
  const real = unzipSync(zip)['index.cjs'];
  if (real === undefined) throw new Error(`The package of ${app} holds no index.cjs.`);
  await cloud.updateFunction(deployed.name, zipSync({ 'index.cjs': strToU8(code), 'real.cjs': real }));
  return () => cloud.updateFunction(deployed.name, zip);
}
