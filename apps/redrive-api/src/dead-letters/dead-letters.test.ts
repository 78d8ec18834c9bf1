import { wrongFields, type StaffCall } from '@orderstream/lambda-kit/fixtures';
import { ask } from '../testing/requests.ts';
import { UNTOUCHED } from '../testing/untouched.ts';
import type { RedriveApi } from '../routes.ts';
import type { NotedDeed } from './dead-letters.ts';
import { QuarantineShelf } from './quarantine-shelf.ts';
import { change, DEPLOYMENT, MemoryObjects, NotedFunctions } from './testing/memory.ts';

const ID = `quarantine.shop-orders.2026-01-01.${'7'.padStart(40, '0')}-event-7_2ejson`;
const KEY = `quarantine/shop-orders/2026-01-01/${'7'.padStart(40, '0')}-event-7.json`;
const RECORD = change('o-7', 7);
const path = { id: ID };

let objects: MemoryObjects;
let functions: NotedFunctions;
let api: RedriveApi;
let noted: NotedDeed[];
let cleared: number;
beforeEach(() => {
  objects = new MemoryObjects();
  functions = new NotedFunctions();
  noted = [];
  cleared = 0;
  objects.texts.set(KEY, JSON.stringify({ reason: 'UnreadableChange: status "x"', record: RECORD }));
  const quarantine = new QuarantineShelf(objects, functions, DEPLOYMENT);
  const note = (deed: NotedDeed) => noted.push(deed);
  const clearNotices = async () => {
    cleared += 1;
  };
  const deadLetters = { ...UNTOUCHED.deadLetters, shelves: [quarantine], quarantine, note, clearNotices };
  api = { ...UNTOUCHED, deadLetters };
});

const redrive = (body: unknown): [string, StaffCall] => ['POST /dead-letters/redrive', { body }];
const list = (query: Record<string, string>): [string, StaffCall] => ['GET /dead-letters', { query }];
const edit = (body: unknown, id = ID): [string, StaffCall] => [
  'PUT /dead-letters/{id}',
  { path: { id }, body },
];
const { dynamodb } = RECORD;

it.each<[[string, StaffCall], string, string]>([
  [redrive({}), 'all', 'selects nothing: give ids, or kind, source and cause, or all'],
  [redrive({ ids: [ID], all: true }), 'ids', 'selects by ids and by all at once'],
  [redrive({ kind: 'event', all: true }), 'all', 'selects by kind, source or cause and by all at once'],
  [redrive({ ids: [] }), 'ids', 'must name at least one dead letter'],
  [redrive({ ids: ['x'] }), 'ids.0', 'is no id of a dead letter: take one from the list'],
  [redrive({ ids: ['event.'] }), 'ids.0', 'is no id of a dead letter'],
  [redrive({ ids: ['quarantine._2e_2e._2e_2e.other'] }), 'ids.0', 'is no id of a dead letter'],
  [redrive({ ids: ['quarantine.a.b.c_2f_2e_2e'] }), 'ids.0', 'is no id of a dead letter'],
  [redrive({ ids: ['change._2e_2e.a'] }), 'ids.0', 'is no id of a dead letter'],
  [redrive({ ids: Array(1_001).fill(ID) }), 'ids', 'has more than 1000 ids: ask several times'],
  [redrive({ kind: 'mail' }), 'kind', 'must be one of change, quarantine, event, execution'],
  [
    redrive({ source: 'mailer' }),
    'source',
    'is mailer, which no dead letter goes back to: use one of stream-',
  ],
  [redrive({ cause: '' }), 'cause', 'must not be empty'],
  [redrive({ all: false }), 'all', 'must be true, or left out'],
  [redrive({ all: true, dryRun: 'yes' }), 'dryRun', 'must be true or false'],
  [redrive({ all: true, cursor: 'next' }), 'cursor', 'must be the cursor (next) of an earlier answer'],
  [redrive({ all: true, force: true }), 'force', 'is not known here'],
  [['POST /dead-letters/discard', { body: {} }], 'all', 'selects nothing'],
  [list({ kind: 'mail' }), 'kind', 'must be one of'],
  [list({ source: 'mailer' }), 'source', 'use one of'],
  [list({ limit: '101' }), 'limit', 'must be a whole number from 1 to 100'],
  [list({ cursor: 'next' }), 'cursor', 'must be the cursor'],
  [list({ sort: 'at' }), 'sort', ''],
  [['GET /dead-letters/{id}', { path: { id: 'x.y' } }], 'id', 'is no id of a dead letter'],
  [edit(RECORD, 'event.notify-customer.1'), 'id', 'is of kind event: only quarantine can be corrected'],
  [edit({ ...RECORD, more: 1 }), 'more', 'is not known here'],
  [edit({ ...RECORD, eventName: 'PUT' }), 'eventName', 'must be INSERT, MODIFY or REMOVE'],
  [
    edit({ ...RECORD, dynamodb: { ...dynamodb, NewImage: { status: 'PAID' } } }),
    'dynamodb.NewImage.status',
    '',
  ],
  [
    edit({ ...RECORD, dynamodb: { ...dynamodb, NewImage: { status: { T: 'PAID' } } } }),
    'dynamodb.NewImage.status',
    'must be an attribute with its type',
  ],
  [edit({ ...RECORD, eventName: 'INSERT' }), 'eventName', 'must stay "MODIFY": it names the change'],
  [
    edit({ ...RECORD, dynamodb: { ...dynamodb, Keys: { orderId: { S: 'o-8' } } } }),
    'dynamodb.Keys',
    'must stay {"orderId":{"S":"o-7"}}: it names the change',
  ],
  [edit({ ...RECORD, eventID: 'event-8' }), 'eventID', 'must stay "event-7": it names the change'],
  [
    edit({ ...RECORD, dynamodb: { ...dynamodb, SequenceNumber: '8' } }),
    'dynamodb.SequenceNumber',
    'must stay "7"',
  ],
  [['PUT /dispatching', { body: { paused: 'yes' } }], 'paused', 'must be true or false'],
  [['PUT /dispatching', { body: {} }], 'paused', ''],
  [['GET /dispatching', { query: { table: 'orders' } }], 'table', ''],
])('%j is refused: %s %s', async ([route, call], field, problem) => {
  const { status, body } = await ask(api, route, call);

  expect({ status, fields: wrongFields(body) }).toEqual({ status: 400, fields: [field] });
  expect(body.errors[0].problem).toContain(problem);
});

it.each(['GET /dead-letters/{id}', 'PUT /dead-letters/{id}'])(
  '%s: what is gone is not found',
  async (route) => {
    objects.texts.clear();

    const { status } = await ask(api, route, { path, ...(route.startsWith('PUT') && { body: RECORD }) });

    expect(status).toBe(404);
  },
);

it('a record is listed, shown whole, corrected and redriven', async () => {
  const { body: listed } = await ask(api, 'GET /dead-letters', {
    query: { source: 'stream-dispatcher/orders' },
  });
  const { body: shown } = await ask(api, 'GET /dead-letters/{id}', { path });
  const corrected = { ...RECORD, dynamodb: { ...dynamodb, NewImage: { status: { S: 'PLACED' } } } };
  const { body: edited } = await ask(api, ...edit(corrected));
  const { body: kept } = await ask(api, 'GET /dead-letters/{id}', { path });
  const { body: ended } = await ask(api, ...redrive({ all: true }));

  expect(listed.deadLetters).toEqual([
    {
      id: ID,
      kind: 'quarantine',
      source: 'stream-dispatcher/orders',
      cause: 'UnreadableChange',
      message: 'status "x"',
      at: '2026-01-01T00:00:00.000Z',
      records: 1,
      subjects: ['order o-7'],
      redrivable: true,
    },
  ]);
  expect(shown.payload).toEqual({ reason: 'UnreadableChange: status "x"', record: RECORD });
  expect(edited).toEqual(listed.deadLetters[0]);
  expect(kept.payload.record).toEqual(corrected);
  expect(ended.results).toMatchObject([{ id: ID, outcome: 'redriven' }]);
  expect(noted).toEqual([
    { by: 'staff:ada', deed: 'corrected', ids: [ID] },
    { by: 'staff:ada', deed: 'redriven', ids: [ID] },
  ]);
});

it('a record that was corrected twice is kept as it came, with who corrected it and when', async () => {
  const corrected = (status: string) => ({
    ...RECORD,
    dynamodb: { ...dynamodb, NewImage: { status: { S: status } } },
  });
  await ask(api, ...edit(corrected('PLACEDD')));
  await ask(api, ...edit(corrected('PLACED')));

  const { body } = await ask(api, 'GET /dead-letters/{id}', { path });

  expect(body.payload).toEqual({
    reason: 'UnreadableChange: status "x"',
    record: corrected('PLACED'),
    original: RECORD,
    correctedBy: 'staff:ada',
    correctedAt: '2026-01-10T12:34:56.000Z',
  });
});

it('a record without keys that can be read may be given some', async () => {
  const unreadable = { ...RECORD, eventName: 'PUT', dynamodb: { ...dynamodb, Keys: { orderId: 'o-7' } } };
  objects.texts.set(KEY, JSON.stringify({ reason: 'TypeError: x', record: unreadable }));

  expect((await ask(api, ...edit(RECORD))).status).toBe(200);
});

it('a correction that comes while its record is redriven stays, to be redriven itself', async () => {
  functions.why = () => {
    objects.texts.set(KEY, JSON.stringify({ reason: 'x', record: RECORD, correctedBy: 'staff:bob' }));
    return undefined;
  };

  const { body } = await ask(api, ...redrive({ all: true }));

  expect(body.results).toMatchObject([
    { id: ID, outcome: 'stays', why: expect.stringContaining('corrected') },
  ]);
  expect(objects.texts.get(KEY)).toContain('staff:bob');
  expect(noted).toEqual([]);
});

it.each(['went', 'was changed'])('a correction of what %s meanwhile is refused', async (what) => {
  const { read, replace } = api.deadLetters.quarantine;
  const quarantine = {
    replace: replace.bind(api.deadLetters.quarantine),
    read: async (id: string) => {
      const kept = await read.call(api.deadLetters.quarantine, id);
      if (what === 'went') objects.texts.delete(KEY);
      else objects.texts.set(KEY, '{}');
      return kept;
    },
  };
  const others = { ...api, deadLetters: { ...api.deadLetters, quarantine } };

  const { status } = await ask(others, ...edit(RECORD));

  expect(status).toBe(409);
  expect(objects.texts.get(KEY)).toBe(what === 'went' ? undefined : '{}');
});

it.each([
  [{ all: true, dryRun: true }, 0],
  [{ all: true }, 1],
  [{ kind: 'event' }, 1],
])('notices are cleared at the end of a pass: %j, %i times', async (body, times) => {
  await ask(api, ...redrive(body));

  expect(cleared).toBe(times);
});

it.each([{ after: 'no JSON' }, { after: '["a",7,"b"]' }, { of: undefined }])(
  'a cursor that was made by hand is refused: %j',
  async (more) => {
    const { body } = await ask(api, ...list({ limit: '1' }));
    const place = JSON.parse(Buffer.from(body.next, 'base64url').toString());
    const cursor = Buffer.from(JSON.stringify({ ...place, ...more })).toString('base64url');

    const { status, body: refused } = await ask(api, ...list({ cursor }));

    expect({ status, fields: wrongFields(refused) }).toEqual({ status: 400, fields: ['cursor'] });
  },
);

it('a cursor goes on with the same question alone', async () => {
  const { body } = await ask(api, ...list({ limit: '1' }));

  expect((await ask(api, ...list({ limit: '2', cursor: body.next }))).status).toBe(200);
  expect((await ask(api, ...list({ kind: 'event', cursor: body.next }))).status).toBe(400);
});

it('the longest id that there can be is one', async () => {
  const key = `quarantine/${'_'.repeat(255)}/2026-01-01/${'7'.padStart(40, '0')}-${'_'.repeat(100)}.json`;
  objects.texts.set(key, JSON.stringify({ reason: 'x', record: RECORD }));
  const { body } = await ask(api, ...list({}));
  const id = body.deadLetters[0].id;

  expect((await ask(api, 'GET /dead-letters/{id}', { path: { id } })).status).toBe(200);
});

it('a list goes on where it ended', async () => {
  for (const number of [8, 9]) {
    const key = `quarantine/shop-orders/2026-01-01/${String(number).padStart(40, '0')}-event-${number}.json`;
    objects.texts.set(key, JSON.stringify({ reason: 'Error: x', record: change('o-1', number) }));
  }
  const found: string[] = [];
  for (let cursor: string | undefined = undefined; ;) {
    const query: Record<string, string> = { limit: '2', ...(cursor !== undefined && { cursor }) };
    const { body } = await ask(api, 'GET /dead-letters', { query });
    found.push(...body.deadLetters.map(({ id }: { id: string }) => id.slice(-14)));
    cursor = body.next;
    if (cursor === undefined) break;
  }

  expect(found).toEqual(['-event-7_2ejson', '-event-8_2ejson', '-event-9_2ejson'].map((id) => id.slice(-14)));
});
