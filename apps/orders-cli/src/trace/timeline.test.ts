import { timeline, type TraceSources } from './timeline.ts';

const nothing: TraceSources = {
  changes: [],
  deliveries: [],
  executions: [],
  history: [],
  events: [],
  refusals: [],
};
const refusal = {
  at: 7,
  caller: 'function ship-order',
  action: 'dynamodb:UpdateItem',
  resource: 'arn:aws:dynamodb:::table/ledger',
  policy: 'role ship-order',
  statement: '{"Effect":"Allow"}',
};

it.each([
  [refusal, 'role ship-order lacks {"Effect":"Allow"}'],
  [
    { ...refusal, policy: 'role ship-order, statement 2', statement: '' },
    'denied by role ship-order, statement 2',
  ],
])(
  'a call that was refused on an order’s way stands in its trace, with what would allow it',
  (row, remedy) => {
    const text = `function ship-order: dynamodb:UpdateItem on arn:aws:dynamodb:::table/ledger refused; ${remedy}`;
    expect(timeline({ ...nothing, refusals: [row] })).toEqual([{ at: 7, what: 'refusal', text }]);
  },
);
