import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildStamped } from './prepare.ts';

describe('a built file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'prepare-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is older than a source that is changed during its build', async () => {
    const [file, source] = [join(folder, 'built'), join(folder, 'source')];
    writeFileSync(source, '');

    await buildStamped(file, async () => {
      const begun = Date.now();
      while (Date.now() === begun) await new Promise((resolve) => setImmediate(resolve));
      utimesSync(source, new Date(), new Date());
      writeFileSync(file, 'built');
    });

    expect(statSync(file).mtimeMs).toBeLessThan(statSync(source).mtimeMs);
  });

  it('is missed when the build leaves none', async () => {
    await expect(buildStamped(join(folder, 'absent'), () => Promise.resolve())).rejects.toThrow(
      /The synthesis left no .*absent/,
    );
  });
});
