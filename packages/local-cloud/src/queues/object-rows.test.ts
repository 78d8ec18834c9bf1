import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { ObjectRows } from './object-rows.ts';

const WRITER = join(import.meta.dirname, 'object-writer.fixture.ts');
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'objects-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

/**
 * Has a process write objects, and kills it while it writes its `count`th.
 * @param first number of the first. @returns the number of the last that it said was written.
 */
async function writeAndKill(first: number, count: number): Promise<number> {
  const writer = spawn(process.execPath, ['--no-warnings', WRITER, directory, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(writer, 'exit');
  let last = first - 1;
  for await (const line of createInterface({ input: writer.stdout })) {
    if (line === `begin ${first + count - 1}`) writer.kill('SIGKILL');
    if (line.startsWith('end ')) last = Number(line.slice(4));
  }
  await ended;
  return last;
}

it('an object whose writer was killed is there whole or not at all, and what was acknowledged is there', async () => {
  let acknowledged = -1;
  for (const count of [1, 2, 3, 5, 8]) {
    acknowledged = await writeAndKill(acknowledged + 1, count);

    const rows = new ObjectRows(directory);
    const keys = [...rows.after('b', '', '')].map(({ key }) => key);
    const objects = keys.map((key) => rows.get('b', key)!);
    rows.close();
    expect(keys).toEqual(expect.arrayContaining(Array.from({ length: acknowledged + 1 }, (_, i) => `${i}`)));
    for (const { body, contentLength, etag } of objects) {
      expect(body).toHaveLength(contentLength);
      expect(createHash('md5').update(body).digest('hex')).toBe(etag);
    }
  }
});

it('of another form than this version’s is refused with the remedy', () => {
  const other = new DatabaseSync(join(directory, 'objects.sqlite'));
  other.exec('CREATE TABLE objects (name TEXT)');
  other.close();

  expect(() => new ObjectRows(directory)).toThrow(/can't be read: put the file back, or start with --fresh/);
});
