import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ROOT } from '../prepare.ts';

/** Builds an app's deployment package as `npm run build` does. @throws Error with what the build says. */
export async function buildApp(app: string, signal: AbortSignal): Promise<void> {
  const child = spawn(process.execPath, [join(ROOT, 'tools/bundle.ts')], {
    cwd: join(ROOT, 'apps', app),
    signal,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const closed = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const [said, code] = await Promise.all([text(child.stderr), closed]);
  if (code !== 0) throw new Error(`does not build, the code before goes on:\n${said.trimEnd()}`);
}
