import { wrongFields, type StaffCall } from '@orderstream/lambda-kit/fixtures';
import { ask } from '../testing/requests.ts';
import { UNTOUCHED } from '../testing/untouched.ts';
import type { RedriveApi } from '../routes.ts';
import { QuarantineShelf } from './quarantine-shelf.ts';
import { change, DEPLOYMENT, MemoryObjects, NotedFunctions } from './testing/memory.ts';

const ID = `quarantine.shop-orders.2026-01-01.${'7'.padStart(40, '0')}-event-7_2ejson`;
const KEY = `quarantine/shop-orders/2026-01-01/${'7'.padStart(40, '0')}-event-7.json`;
const RECORD = change('o-7', 7);
const path = { id: ID };

let objects: MemoryObjects;
let api: RedriveApi;
beforeEach(() => {
  objects = new MemoryObjects();
  objects.texts.set(KEY, JSON.stringify({ reason: 'UnreadableChange: status "x"', record: RECORD }));
  const quarantine = new QuarantineShelf(objects, new NotedFunctions(), DEPLOYMENT);
  const deadLetters = { ...UNTOUCHED.deadLetters, shelves: [quarantine], quarantine };
  api = { ...UNTOUCHED, deadLetters: { ...deadLetters, clearNotices: async () => undefined } };
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
