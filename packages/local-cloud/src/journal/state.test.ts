import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Journal } from './journal.ts';

let folder: string;
const open: Journal[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'state-'));
});
afterEach(() => {
  for (const journal of open.splice(0)) journal.close();
  rmSync(folder, { recursive: true });
});

function journalAt(path: string): Journal {
  const journal = new Journal(path);
  open.push(journal);
  return journal;
}
const file = () => join(folder, 'journal.sqlite');
const change = { stream: 's', position: 1, item: 'a', name: 'INSERT', at: 1, record: '{}' };

describe('kept state', () => {
  it('is there again when the file is opened again: the newest value of each key', () => {
    const journal = journalAt(file());
    journal.put('lane', 'b', { passed: 1 });
    journal.put('lane', 'a', { passed: 2 });
    journal.put('lane', 'b', { passed: 3 });
    journal.put('lane', 'gone', {});
    journal.remove('lane', 'gone');
    journal.put('clock', 'b', 7);
    journal.flush();

    const again = journalAt(file());

    expect(again.entries('lane')).toEqual([
      ['b', { passed: 3 }],
      ['a', { passed: 2 }],
    ]);
    expect(again.entries('clock')).toEqual([['b', 7]]);
  });

  it('is durable, with all rows before it, when that resolves, and not before the turn ends', async () => {
    const journal = journalAt(file());
    const other = journalAt(file());
    journal.append('changes', change);
    journal.put('lane', 'a', 1);
    const durable = journal.durable();
    journal.put('lane', 'b', 2);
    expect(other.entries('lane')).toEqual([]);

    await durable;

    expect(other.entries('lane')).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
    expect(other.rows('changes', 'WHERE stream = ?', 's')).toEqual([change]);
  });

  it('is one moment’s: what a value was when it was put is written, whatever becomes of the object', async () => {
    const journal = journalAt(file());
    const value = { passed: 1 };
    journal.put('lane', 'a', value);
    value.passed = 2;
    await journal.durable();

    expect(journal.entries('lane')).toEqual([['a', { passed: 1 }]]);
  });

  it.each(['', ':memory:'])('is nothing in a journal that ends with its process (%j)', async (path) => {
    const journal = journalAt(path);
    journal.put('lane', 'a', 1);
    await journal.durable();

    expect(journal.isKept).toBe(false);
    expect(journal.entries('lane')).toEqual([]);
  });
});
