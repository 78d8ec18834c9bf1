import { arn } from './bus.fixture.ts';
import { createEvent } from './event.ts';
import { compileInput } from './input.ts';

const RULE = { name: 'tell-customer', arn: arn('events', 'rule/shop/tell-customer') };
const detail =
  '{"orderId": "o-1", "lines": [{"sku": "a"}, {"sku": "b"}], "total": 3.50, "gift-card": null, "paid": true,' +
  ' "sum": 12345678901234567890, "twice": 1, "twice": 2, "note": "say \\"hi\\"", "path": "c:\\\\", "none": []}';
const event = createEvent(
  {
    source: 'orders',
    detailType: 'OrderPlaced',
    detail,
    parsedDetail: JSON.parse(detail),
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

test('the whole event keeps its numbers’ spelling and its repeated keys', () => {
  const whole = compileInput(RULE, { inputPath: '$' })(event);

  expect(whole).toMatch(/^{"version":"0","id":"[^"]+","detail-type":"OrderPlaced",/);
  expect(whole).toContain(
    '"total":3.50,"gift-card":null,"paid":true,"sum":12345678901234567890,"twice":1,"twice":2,',
  );
});

test.each([
  ['$.detail.lines', '[{"sku":"a"},{"sku":"b"}]'],
  ['$.detail.lines[1].sku', '"b"'],
  ['$.detail.lines[*].sku', '["a","b"]'],
  ['$.detail.lines[0].*', '["a"]'],
  ['$.detail.none[*].sku', '[]'],
  ['$.detail-type', '"OrderPlaced"'],
  [`$['detail']["gift-card"]`, 'null'],
  ['$.detail.total', '3.50'],
  ['$.detail.sum', '12345678901234567890'],
  ['$.detail.twice', '2'],
  ['$.detail.paid', 'true'],
  ['$.detail.note', '"say \\"hi\\""'],
  ['$.detail.nothing.here', 'null'],
  ['$.detail.lines[2]', 'null'],
  ['$.detail.lines.sku', 'null'],
  ['$.detail[0]', 'null'],
])('the input path %s takes a part of the event', (inputPath, expected) => {
  expect(compileInput(RULE, { inputPath })(event)).toBe(expected);
});

test.each(['$..sku', '$.lines[?(@.a)]', '$.lines[0:1]', '$.lines[-1]', '$.', '$x'])(
  'the path %s is refused',
  (inputPath) => {
    expect(() => compileInput(RULE, { inputPath })).toThrow(`the path ${inputPath} may be made of`);
  },
);

test.each([
  ['a text outside quotes is JSON', '{"id": <id>, "note": <note>}', '{"id": "o-1", "note": "say \\"hi\\""}'],
  [
    'a number keeps its spelling',
    '[<total>, <sum>, "<sum>"]',
    '[3.50, 12345678901234567890, "12345678901234567890"]',
  ],
  ['a literal is JSON', '[<card>, <paid>, "<card> <paid>"]', '[null, true, "null true"]'],
  ['an array outside quotes is JSON', '{"all": <skus>}', '{"all": ["a","b"]}'],
  ['a text inside quotes goes in as it is', '"order <id> of <total>"', '"order o-1 of 3.50"'],
  ['an object inside quotes loses its own', '{"line": "<line>"}', '{"line": "{sku:a}"}'],
  ['an array inside quotes loses its own', '"<skus>"', '"[a,b]"'],
  ['escaped quotes of a value are lost with the others', '"<texts>"', '"[say hi,c:\\\\]"'],
  ['an escaped quote does not end a string', '"\\"<id>\\" <line>"', '"\\"o-1\\" {sku:a}"'],
  ['an escaped backslash does not hide a quote', '{"a": "\\\\", "b": <id>}', '{"a": "\\\\", "b": "o-1"}'],
  [
    'a template may be nested, and mix both',
    '{"a": {"b": [<line>, {"c": "<id>/<total>"}]}, "d": 1}',
    '{"a": {"b": [{"sku":"a"}, {"c": "o-1/3.50"}]}, "d": 1}',
  ],
  ['a placeholder may be an item of an array', '[9, <id>, true]', '[9, "o-1", true]'],
  ['a missing value is empty inside quotes', '"<nothing>!"', '"!"'],
  ['a missing value outside quotes is an empty text', '{"a": <nothing>}', '{"a": ""}'],
  ['a bare less-than sign is text', '"1 < 2 <total>"', '"1 < 2 3.50"'],
  ['brackets at the start of a text make no JSON of it', '"{[/ <id>"', '"{[/ o-1"'],
  ['a template may be lines of text', '"order <id>"\n"costs <total>"\n', '"order o-1"\n"costs 3.50"\n'],
  ['a template needs no placeholder', '{"a": 1}', '{"a": 1}'],
])('%s', (_, template, expected) => {
  const paths = {
    id: '$.detail.orderId',
    total: '$.detail.total',
    sum: '$.detail.sum',
    card: '$.detail.gift-card',
    paid: '$.detail.paid',
    note: '$.detail.note',
    line: '$.detail.lines[0]',
    skus: '$.detail.lines[*].sku',
    texts: '$.detail[*]',
    nothing: '$.detail.nothing',
  };
  const texts = { ...event, json: '{"detail":["say \\"hi\\"","c:\\\\"]}' };
  const made = compileInput(RULE, { inputTransformer: { paths, template } });

  expect(made(template.includes('<texts>') ? texts : event)).toBe(expected);
});

test('a text with quotes of its own is not escaped inside quotes, so that no JSON comes of it', () => {
  expect(() => transformed('"note: <note>"', { note: '$.detail.note' })).toThrow(
    expect.objectContaining({ code: 'InvalidJson', message: expect.stringContaining('"note: say "hi""') }),
  );
});

describe('a transformer is refused', () => {
  const paths = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, n) => [`p${n}`, '$.id']));

  test.each<[string, string, Record<string, string>, string]>([
    ['with an undefined placeholder', '"<who>"', {}, 'contains invalid placeholder who'],
    ['with a variable that is none of AWS’s', '"<aws.events.x>"', {}, 'invalid placeholder aws.events.x'],
    ['with more than 100 paths', '"x"', paths(101), 'there are 101 input paths: 100 is the most'],
    ['with a name that AWS keeps for itself', '"x"', { 'AWS.id': '$.id' }, 'the input path AWS.id must be'],
    ['with a predefined name', '"x"', { 'aws.events.rule-name': '$.id' }, 'must be named with letters'],
    [
      'with a name in brackets',
      '"x"',
      { id: `$['id']` },
      "the path $['id'] may be made of .name, [0] and [*]",
    ],
    ['with a text without quotes', 'order <id>', { id: '$.id' }, 'makes no JSON: write a text in quotes'],
    ['with an open brace', '{"id": <id>', { id: '$.id' }, 'makes no JSON'],
    ['with a placeholder as a key', '{<id>: 1}', { id: '$.id' }, 'no placeholder as the key of an object'],
    ['with the whole event inside quotes', '"<aws.events.event>"', {}, 'take the quotes away'],
    ['with its JSON inside quotes', '{"a":"<aws.events.event.json>"}', {}, 'take the quotes away'],
  ])('%s', (_, template, given, problem) => {
    expect(() => transformed(template, given)).toThrow(problem);
  });

  test('but not with 100 paths', () => {
    expect(transformed('<p99>', paths(100))).toBe(JSON.stringify(event.id));
  });
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
  expect(transformed('"<aws.events.rule-name> at <aws.events.event.ingestion-time>"')).toBe(
    '"tell-customer at 1970-01-01T00:00:01.000Z"',
  );
  expect(transformed('<aws.events.event.json>')).toContain('"total":3.50');
});
