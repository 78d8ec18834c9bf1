import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtPackages, PackageMissing } from './packages.ts';

describe('the built packages', () => {
  const root = mkdtempSync(join(tmpdir(), 'orderstream-packages-'));
  afterAll(() => rmSync(root, { recursive: true }));

  it('are found by app', () => {
    const folder = join(root, 'apps', 'ship-order', 'dist');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'function.zip'), '');

    expect(builtPackages(root)('ship-order')).toBe(join(folder, 'function.zip'));
  });

  it('are asked for by name when an app is not built', () => {
    const find = () => builtPackages(root)('close-order');

    expect(find).toThrow(PackageMissing);
    expect(find).toThrow('apps/close-order/dist/function.zip is missing: run `npm run build` first.');
  });
});
