import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStateFolder, type StateFolder, StateError } from './state-folder.ts';

let root: string;
let directory: string;
const open: StateFolder[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'state-folder-'));
  directory = join(root, 'deep/state');
});
afterEach(() => {
  for (const folder of open.splice(0)) folder.release();
  rmSync(root, { recursive: true });
});

function openIt(options: { stack?: string; fresh?: boolean } = {}): StateFolder {
  const folder = openStateFolder({ directory, stack: 'shop', fresh: false, ...options });
  open.push(folder);
  return folder;
}

it('is made where there is none, and is opened again', () => {
  const first = openIt();
  writeFileSync(first.tables, 'items');
  first.release();

  const again = openIt();

  expect(again).toMatchObject({ journal: join(directory, 'journal.sqlite'), tables: first.tables });
  expect(readdirSync(directory)).toEqual(expect.arrayContaining(['objects', 'state.json', 'tables.sqlite']));
});

it('is one process’s at a time', () => {
  const folder = openIt();

  expect(() => openIt()).toThrow(/is in use by another local cloud\. End that one/);
  folder.release();
  expect(() => openIt()).not.toThrow();
});

it('is emptied when it is to be fresh', () => {
  const folder = openIt();
  writeFileSync(folder.journal, 'rows');
  writeFileSync(`${folder.journal}-wal`, 'rows');
  writeFileSync(join(folder.objects, 'object'), 'body');
  folder.release();

  const fresh = openIt({ fresh: true });

  expect(readdirSync(directory).filter((name) => !name.startsWith('lock'))).toEqual([
    'objects',
    'state.json',
  ]);
  expect(readdirSync(fresh.objects)).toEqual([]);
});

it.each([
  [
    'of another version',
    '{"version":99,"stack":"shop"}',
    /it is of version 99, and this is version 1\..* --fresh/,
  ],
  ['whose description is damaged', '{"vers', /its state\.json can't be read\..* --fresh/],
  [
    'of another stack',
    '{"version":1,"stack":"other"}',
    /holds the state of stack other, not of shop\..* --fresh/,
  ],
])('one %s is refused and left as it is', (_what, text, message) => {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'state.json'), text);
  writeFileSync(join(directory, 'journal.sqlite'), 'rows');

  expect(() => openIt()).toThrow(StateError);
  expect(() => openIt()).toThrow(message);
  expect(readdirSync(directory)).toContain('journal.sqlite');
});

it('files without a description are refused', () => {
  openIt().release();
  rmSync(join(directory, 'state.json'));
  writeFileSync(join(directory, 'tables.sqlite'), 'items');

  expect(() => openIt()).toThrow(/it holds tables\.sqlite but no state\.json/);
});

it.each([[false], [true]])(
  'a folder with anything else in it is refused (fresh: %s), and nothing is removed',
  (fresh) => {
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'thesis.doc'), 'years of work');

    expect(() => openIt({ fresh })).toThrow(/is no state folder: it holds thesis\.doc/);
    expect(readdirSync(directory)).toEqual(['thesis.doc']);
  },
);
