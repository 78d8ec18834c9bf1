import { arn } from './bus.fixture.ts';
import { createEvent } from './event.ts';
import { compileInput } from './input.ts';

const RULE = { name: 'tell-customer', arn: arn('events', 'rule/shop/tell-customer') };
const detail = { orderId: 'o "1"', lines: [{ sku: 'a' }, { sku: 'b' }], total: 3.5, 'gift-card': null };
const event = createEvent(
  {
    source: 'orders',
    detailType: 'OrderPlaced',
    detail: JSON.stringify(detail),
    parsedDetail: detail,
    resources: [],
    time: 0,
    trace: undefined,
  },
  { region: 'eu-central-1', accountId: '210987654321' },
  1_000,
);

const transformed = (template: string, paths: Record<string, string> = {}) =>
  compileInput(RULE, { inputTransformer: { paths, template } })(event);

test('without any input the target gets the event', () => {
  expect(compileInput(RULE, {})(event)).toBe(event.json);
});

test('a constant input stands for the event', () => {
  expect(compileInput(RULE, { input: '{"constant":true}' })(event)).toBe('{"constant":true}');
});

test.each([
  ['$', event.json],
  ['$.detail.lines', '[{"sku":"a"},{"sku":"b"}]'],
  ['$.detail.lines[1].sku', '"b"'],
  ['$.detail-type', '"OrderPlaced"'],
  [`$['detail']["gift-card"]`, 'null'],
  ['$.detail.total', '3.5'],
  ['$.detail.nothing.here', 'null'],
])('the input path %s takes a part of the event', (inputPath, expected) => {
  expect(compileInput(RULE, { inputPath })(event)).toBe(expected);
});

test.each(['$.detail[*]', '$..sku', '$.lines[?(@.a)]'])('the path %s is refused', (inputPath) => {
  expect(() => compileInput(RULE, { inputPath })).toThrow(inputPath);
});

test.each([
  ['a value outside quotes is JSON', '{"id": <id>, "total": <total>}', '{"id": "o \\"1\\"", "total": 3.5}'],
  ['a text inside quotes stays valid JSON', '"order <id> of <total>"', '"order o \\"1\\" of 3.5"'],
  ['an object inside quotes loses its own', '{"line": "<line>"}', '{"line": "{sku:a}"}'],
  ['an escaped quote does not end a string', '"\\"<total>\\" <line>"', '"\\"3.5\\" {sku:a}"'],
  ['a missing value is empty inside quotes', '"<nothing>!"', '"!"'],
  ['a missing value outside quotes is an empty text', '{"a": <nothing>}', '{"a": ""}'],
  ['a bare less-than sign is text', '"1 < 2 <total>"', '"1 < 2 3.5"'],
])('%s', (_, template, expected) => {
  const paths = {
    id: '$.detail.orderId',
    total: '$.detail.total',
    line: '$.detail.lines[0]',
    nothing: '$.detail.nothing',
  };

  expect(transformed(template, paths)).toBe(expected);
});

test('the predefined variables', () => {
  const template =
    '{"rule": "<aws.events.rule-name>", "arn": <aws.events.rule-arn>, "at": <aws.events.event.ingestion-time>,' +
    ' "event": <aws.events.event>, "json": <aws.events.event.json>}';

  expect(JSON.parse(transformed(template))).toEqual({
    rule: RULE.name,
    arn: RULE.arn,
    at: '1970-01-01T00:00:01.000Z',
    event: {
      id: event.id,
      account: '210987654321',
      detailType: 'OrderPlaced',
      time: '1970-01-01T00:00:01.000Z',
      source: 'orders',
      region: 'eu-central-1',
      resources: [],
      version: '0',
    },
    json: JSON.parse(event.json),
  });
});

test('an undefined placeholder is refused by name', () => {
  expect(() => transformed('"<who>"')).toThrow('the input template contains invalid placeholder who');
});
