import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { watchApps, type WatchParts } from './watch-apps.ts';

/** What happened, to be waited for. */
class Log {
  readonly lines: string[] = [];
  readonly #waiting = new Set<() => void>();

  add(line: string): void {
    this.lines.push(line);
    for (const look of this.#waiting) look();
  }

  has(line: string | RegExp, times = 1): Promise<unknown> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const matches = (logged: string) => (typeof line === 'string' ? logged === line : line.test(logged));
    const look = () => {
      if (this.lines.filter(matches).length < times) return;
      this.#waiting.delete(look);
      resolve(undefined);
    };
    this.#waiting.add(look);
    look();
    return promise;
  }
}

describe('watched apps', () => {
  let root: string;
  let log: Log;
  let end: AbortController;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'watch-'));
    for (const folder of ['packages/domain', 'packages/lambda-kit', 'apps/one', 'apps/two'])
      mkdirSync(join(root, folder, 'src'), { recursive: true });
    for (const app of ['one', 'two']) mkdirSync(join(root, 'apps', app, 'dist'));
    log = new Log();
    end = new AbortController();
  });
  afterEach(() => {
    end.abort();
    rmSync(root, { recursive: true });
  });

  const writePackage = (app: string, content: string) => {
    const file = join(root, 'apps', app, 'dist/function.zip');
    writeFileSync(`${file}.new`, content);
    renameSync(`${file}.new`, file);
  };
  const start = (parts: Partial<WatchParts> = {}) =>
    watchApps({
      root,
      apps: ['one', 'two'],
      build: async (app) => {
        log.add(`build ${app}`);
        writePackage(app, `built ${app}`);
      },
      update: async (app, zip) => log.add(`update ${app}: ${Buffer.from(zip).toString()}`),
      say: (line) => log.add(line),
      signal: end.signal,
      ...parts,
    });

  it('are built when their sources change, and their functions run what was built', async () => {
    start();

    writeFileSync(join(root, 'apps/one/src/handler.ts'), '1');

    await log.has('update one: built one');
    expect(log.lines.filter((line) => line.includes('two'))).toEqual([]);
  });

  it('are built again after a source was removed and made anew, in a folder that was, too', async () => {
    const file = join(root, 'apps/one/src/parts/port.ts');
    mkdirSync(join(root, 'apps/one/src/parts'));
    writeFileSync(file, '1');
    start();
    rmSync(join(root, 'apps/one/src/parts'), { recursive: true });
    mkdirSync(join(root, 'apps/one/src/parts'));
    writeFileSync(file, '22');
    await log.has('build one');
    const before = log.lines.length;

    rmSync(file);
    writeFileSync(file, '333');
    await log.has('build one', log.lines.slice(0, before).filter((line) => line === 'build one').length + 1);
    writeFileSync(file, '4444');

    await log.has('update one: built one');
  });

  it('are all built when what they share changes', async () => {
    start();

    writeFileSync(join(root, 'packages/domain/src/money.ts'), '1');

    await Promise.all([log.has('update one: built one'), log.has('update two: built two')]);
  });

  it('are updated from a package that somebody else has built', async () => {
    start();

    writePackage('two', 'from elsewhere');

    await log.has('update two: from elsewhere');
    expect(log.lines).not.toContain('build two');
  });

  it('go on after a build and an update that failed', async () => {
    let fails = true;
    start({
      build: async () => {
        log.add('tried');
        if (fails) throw new Error('does not build: a typo');
        writePackage('one', 'mended');
      },
      update: async () => {
        throw new Error('does not load');
      },
    });

    writeFileSync(join(root, 'apps/one/src/handler.ts'), '1');
    await log.has('one: does not build: a typo');
    fails = false;
    writeFileSync(join(root, 'apps/one/src/handler.ts'), '22');

    await log.has('one: does not load');
  });

  it('are built once more when their sources change during a build', async () => {
    const gate = Promise.withResolvers<undefined>();
    start({
      build: async (app) => {
        log.add(`build ${app}`);
        await gate.promise;
      },
    });

    writeFileSync(join(root, 'apps/one/src/handler.ts'), '1');
    await log.has('build one');
    writeFileSync(join(root, 'apps/one/src/handler.ts'), '22');
    writeFileSync(join(root, 'apps/two/src/handler.ts'), '1');
    await log.has('build two');
    gate.resolve(undefined);

    await log.has('build one', 2);
  });
});
