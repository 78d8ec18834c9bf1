import { writeFileSync } from 'node:fs';
import type { CommandInput } from '../command.ts';
import { startStaffStub, type Answer, type StaffStub } from '../testing/staff-stub.ts';
import { dlq } from './dlq.ts';

describe('orders dlq', () => {
  let api: StaffStub;
  let printed: { stdout: string; stderr: string };
  const token = process.env['ORDERSTREAM_TOKEN'];

  beforeAll(async () => {
    api = await startStaffStub();
    process.env['ORDERSTREAM_TOKEN'] = 'a-token';
  });
  afterAll(() => {
    api.close();
    if (token === undefined) delete process.env['ORDERSTREAM_TOKEN'];
    else process.env['ORDERSTREAM_TOKEN'] = token;
  });
  beforeEach(() => {
    api.asked.length = 0;
    printed = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      jest.spyOn(process[name], 'write').mockImplementation((text) => {
        printed[name] += String(text);
        return true;
      });
    }
  });
  afterEach(() => jest.restoreAllMocks());

  const never = new AbortController().signal;
  const run = (operands: string, values: CommandInput['values'] = {}, signal = never) =>
    dlq.run({
      operands: operands.split(' '),
      values: { target: 'aws', outputs: api.outputs, ...values },
      signal,
    });

  const letter = (id: string, change: object = {}) => ({
    id,
    kind: 'change',
    source: 'stream-dispatcher/orders',
    cause: 'Runtime.ExitError',
    message: 'The function failed.',
    at: new Date(Date.now() - 7_260_000).toISOString(),
    records: 1,
    subjects: ['order 536365'],
    redrivable: true,
    ...change,
  });

  /** Pages of answers, one after the other. */
  const pages = (...answers: Answer[]) => {
    const left = [...answers];
    api.answer = () => left.shift() ?? { status: 500, body: {} };
  };

  describe('list', () => {
    it('shows every page as one table that lines up, with what cannot be redriven', async () => {
      pages(
        { deadLetters: [letter('a')], next: 'further' },
        {
          deadLetters: [
            letter('longer', {
              source: 'notify\u001b[2J',
              subjects: ['order 1', 'order 2', 'order 3', 'order 4'],
              records: 12,
              redrivable: 'Too old.',
            }),
          ],
        },
      );

      expect(await run('list', { kind: 'change' })).toBe(0);

      expect(api.asked).toEqual([
        { question: 'GET /dead-letters?kind=change', body: undefined, token: 'Bearer a-token' },
        {
          question: 'GET /dead-letters?kind=change&cursor=further',
          body: undefined,
          token: 'Bearer a-token',
        },
      ]);
      expect(printed.stdout.split('\n')).toEqual([
        '  kind    source                    cause              age  records  about                                 id',
        '  change  stream-dispatcher/orders  Runtime.ExitError  2 h        1  order 536365                          a',
        '  change  notify [2J                Runtime.ExitError  2 h       12  order 1, order 2, order 3 and 1 more  longer',
        '',
        '2 dead letters. See one: orders dlq show ID (a part that only one has is enough). Replay: orders dlq redrive ID… or --all',
        '1 cannot be redriven: Too old.',
        '',
      ]);
    });

    it('by cause counts them, the most first', async () => {
      pages({ deadLetters: [letter('a', { cause: 'Rare' }), letter('b'), letter('c')] });

      await run('list', { by: 'cause', json: true });

      expect(JSON.parse(printed.stdout)).toEqual([
        { cause: 'Runtime.ExitError', deadLetters: 2 },
        { cause: 'Rare', deadLetters: 1 },
      ]);
    });

    it.each([[{}], [{ by: 'kind' }]])('says so when there is none %j', async (values) => {
      pages({ deadLetters: [] });

      await run('list', values);

      expect(printed.stdout).toBe('No dead letter like that waits.\n');
    });

    it('ends with 1 where more wait than the API could look at, and says so', async () => {
      pages({ deadLetters: [letter('a')], next: '2', incomplete: 'More wait.' }, { deadLetters: [] });

      expect(await run('list')).toBe(1);

      expect(printed.stderr).toContain('More wait.');
    });

    it('ends where the API does not go on', async () => {
      api.answer = () => ({ deadLetters: [], next: 'same' });

      await expect(run('list')).rejects.toThrow(/stands still at cursor same/);
    });
  });

  it('show prints the whole payload and nothing else on standard output', async () => {
    pages({ ...letter('change.a'), payload: { Records: [{ eventID: '1' }] } });

    await run('show change.a');

    expect(api.asked[0]?.question).toBe('GET /dead-letters/change.a');
    expect(JSON.parse(printed.stdout)).toEqual({ Records: [{ eventID: '1' }] });
    expect(printed.stderr).toMatch(
      /^change of stream-dispatcher\/orders, since 20.*: The function failed\.$/m,
    );
  });

  const result = (id: string, change: object = {}) => ({
    id,
    kind: 'change',
    source: 'archive-changes/stock',
    outcome: 'redriven',
    ...change,
  });
  const stays = { outcome: 'stays', why: 'An earlier change still waits.' };

  describe('redrive', () => {
    it('goes from page to page and says what became of each, with 1 when one stays', async () => {
      pages({ results: [result('a'), result('b')], next: '2' }, { results: [result('c', stays)] });

      expect(await run('redrive', { all: true })).toBe(1);

      expect(api.asked.map(({ question, body }) => [question, body])).toEqual([
        ['POST /dead-letters/redrive', { all: true, dryRun: false }],
        ['POST /dead-letters/redrive', { all: true, dryRun: false, cursor: '2' }],
      ]);
      expect(printed.stdout.split('\n')).toEqual([
        '  redriven  change  archive-changes/stock  a',
        '  redriven  change  archive-changes/stock  b',
        '  stays  change  archive-changes/stock  c  An earlier change still waits.',
        '2 redriven, 1 stays.',
        '',
      ]);
      expect(printed.stderr).toBe('Redriving …\n3 looked at …\n');
    });

    it.each([{}, { json: true }])('ends with 1 where more wait than were looked at %j', async (values) => {
      pages({ results: [result('a')], incomplete: 'More wait.' });

      expect(await run('redrive', { all: true, ...values })).toBe(1);

      expect(printed.stderr).toContain('More wait.');
      if ('json' in values) expect(JSON.parse(printed.stdout)).toMatchObject({ complete: false });
    });

    it.each<[string, CommandInput['values'], object]>([
      ['redrive event.a event.b event.a', {}, { ids: ['event.a', 'event.b'], dryRun: false }],
      [
        'redrive',
        { kind: 'event', source: 'track-sales' },
        { kind: 'event', source: 'track-sales', dryRun: false },
      ],
      ['redrive', { cause: 'Timeout', 'dry-run': true }, { cause: 'Timeout', dryRun: true }],
      ['discard event.a', {}, { ids: ['event.a'], dryRun: false }],
    ])('%s %j asks for just that, and ends with 0 where nothing stays', async (operands, values, body) => {
      pages({ results: [result('a', { outcome: 'discarded' })] });

      expect(await run(operands, values)).toBe(0);

      expect(api.asked).toMatchObject([{ question: `POST /dead-letters/${operands.split(' ')[0]}`, body }]);
    });

    it('for show says that nothing was changed', async () => {
      pages({ results: [result('a', { outcome: 'would be redriven' })] });

      await run('redrive event.a', { 'dry-run': true });

      expect(printed.stdout).toMatch(/^1 would be redriven\. Nothing was changed\.$/m);
    });

    it('says so when there is nothing to do', async () => {
      pages({ results: [] });

      expect(await run('redrive', { all: true })).toBe(0);
      expect(printed.stdout).toBe('No dead letter like that waits.\n');
    });

    it('as JSON is one document, after a trouble as well', async () => {
      pages({ results: [result('a')], next: '2' });

      await expect(run('redrive', { all: true, json: true })).rejects.toThrow(/answered 500/);

      expect(JSON.parse(printed.stdout)).toEqual({
        results: [result('a')],
        outcomes: { redriven: 1 },
        complete: false,
      });
    });

    it('that fails at once says only why', async () => {
      api.answer = () => ({
        status: 400,
        body: { title: 'Wrong', errors: [{ field: 'ids.0', problem: 'is none' }] },
      });

      await expect(run('redrive', { all: true, json: true })).rejects.toMatchObject({
        message: 'Wrong – ids.0 is none',
        exitCode: 2,
      });
      expect(printed).toEqual({ stdout: '', stderr: 'Redriving …\n' });
    });

    it('ends at a signal between two pages and says how far it came', async () => {
      const interrupt = new AbortController();
      api.answer = () => {
        interrupt.abort(new Error('Ended by SIGINT.'));
        return { results: [result('a')], next: '2' };
      };

      await expect(run('redrive', { all: true }, interrupt.signal)).rejects.toThrow('Ended by SIGINT.');

      expect(api.asked).toHaveLength(1);
      expect(printed.stdout).toMatch(/^1 redriven\.$/m);
      expect(printed.stderr).toMatch(/^Broken off after 1: .* Run it again to go on\.$/m);
    });
  });

  it('edit sends the corrected record and says how to go on', async () => {
    const file = `${api.outputs}.record.json`;
    writeFileSync(file, '{"eventID":"1"}');
    pages(letter('quarantine.q', { kind: 'quarantine' }));

    expect(await run('edit quarantine.q', { from: file })).toBe(0);

    expect(api.asked).toMatchObject([{ question: 'PUT /dead-letters/quarantine.q', body: { eventID: '1' } }]);
    expect(printed.stdout).toBe('Corrected. Replay it: orders dlq redrive quarantine.q\n');
  });

  it('edit takes what show prints', async () => {
    const file = `${api.outputs}.shown.json`;
    writeFileSync(file, '{"reason":"No number.","record":{"eventID":"1"}}');
    pages(letter('quarantine.q'));

    await run('edit quarantine.q', { from: file });

    expect(api.asked).toMatchObject([{ body: { eventID: '1' } }]);
  });

  describe('a part of an id', () => {
    const listed = { deadLetters: [letter('change.c9-48'), letter('change.c9-39')] };

    it('is enough where only one has it', async () => {
      pages(listed, { results: [result('change.c9-48')] });

      await run('redrive -48 event.x');

      expect(api.asked).toMatchObject([
        { question: 'GET /dead-letters' },
        { body: { ids: ['change.c9-48', 'event.x'] } },
      ]);
    });

    it.each([
      ['c9', /^2 dead letters have "c9" in the id/],
      ['c7', /^No dead letter has "c7" in the id/],
    ])('%s is refused where none or several have it', async (part, message) => {
      pages(listed);

      await expect(run(`show ${part}`)).rejects.toThrow(message);
    });
  });

  it.each<[string, CommandInput['values'], RegExp]>([
    ['empty', {}, /There is no dlq empty\. There is list, show, redrive, discard, edit\./],
    ['constructor', {}, /There is no dlq constructor/],
    ['list a', {}, /dlq list takes no id/],
    ['show', {}, /dlq show takes one id/],
    ['show a', { all: true }, /--all does not go with dlq show/],
    ['list', { 'dry-run': true }, /--dry-run does not go with dlq list/],
    ['list', { kind: 'mail' }, /--kind is mail, but must be one of change, quarantine, event, execution/],
    ['list', { cause: ' ' }, /--cause is empty/],
    ['list', { by: 'age' }, /--by is age, but must be one of kind, source, cause/],
    ['redrive', {}, /dlq redrive needs to know which: ids, or --all/],
    ['discard a', { all: true }, /dlq discard takes one way of selecting/],
    ['redrive', { all: true, kind: 'event' }, /takes one way of selecting/],
    ['edit q', {}, /needs the corrected record: --from FILE/],
    ['edit q', { from: '/nowhere.json' }, /--from \/nowhere\.json cannot be read: .*ENOENT/],
    ['edit q', { from: import.meta.filename }, /--from .* is no JSON/],
  ])('%s %j is refused before anything is asked', async (operands, values, message) => {
    await expect(run(operands, values)).rejects.toMatchObject({
      message: expect.stringMatching(message),
      exitCode: 2,
    });
    expect(api.asked).toEqual([]);
  });
});
