import { globSync } from 'node:fs';
import type { LocalCloud } from '@orderstream/local-cloud';
import { say } from '../output.ts';
import { ROOT } from '../prepare.ts';
import { buildApp } from './build-app.ts';
import { watchApps } from './watch-apps.ts';

/**
 * Has the cloud's functions run what their sources become, from now on. What is not code, such as a function's settings,
 * belongs to the stack and needs a new start.
 *
 * @returns a line that says what is watched.
 */
export function watchFunctions(cloud: LocalCloud, signal: AbortSignal): string {
  const functions = functionsByApp(
    globSync('apps/*/dist/function.zip', { cwd: ROOT }).map((path) => path.split(/[\\/]/)[1] ?? ''),
    cloud.stack.functions.map(({ name }) => name),
  );
  watchApps({
    root: ROOT,
    apps: [...functions.keys()],
    build: (app) => buildApp(app, signal),
    update: (app, zip) => cloud.updateFunction(functions.get(app) ?? app, zip),
    say,
    signal,
  });
  return `Watching the sources of ${functions.size} functions. A change of infra/ needs a new start.`;
}

/** The function of each app: its name is a prefix, a hyphen and the app's. */
export function functionsByApp(
  apps: readonly string[],
  functionNames: readonly string[],
): ReadonlyMap<string, string> {
  const pairs = apps.map((app) => [app, functionNames.find((name) => name.endsWith(`-${app}`))] as const);
  return new Map(pairs.flatMap(([app, name]) => (name === undefined ? [] : [[app, name] as const])));
}
