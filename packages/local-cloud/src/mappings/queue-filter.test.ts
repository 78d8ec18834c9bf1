import { queueFilter } from './queue-filter.ts';

const record = (body: string) => ({
  messageId: 'm1',
  body,
  attributes: { ApproximateReceiveCount: '1' },
  messageAttributes: { kind: { stringValue: 'mail', dataType: 'String' } },
  eventSource: 'aws:sqs',
  awsRegion: 'eu-central-1',
});

const JSON_PATTERN = '{"body":{"kind":["mail"]}}';
const TEXT_PATTERN = '{"body":["mail"]}';
const OTHER_KEY = '{"awsRegion":["eu-central-1"]}';

describe('the filter of a queue', () => {
  it.each<[what: string, pattern: string, body: string, wanted: boolean]>([
    ['a text that a pattern for texts matches', TEXT_PATTERN, 'mail', true],
    ['a text that it does not match', TEXT_PATTERN, 'sms', false],
    ['a text by its prefix', '{"body":[{"prefix":"ma"}]}', 'mail', true],
    ['a text, against a pattern for JSON', JSON_PATTERN, 'mail', false],
    ['a text, where the pattern says nothing of the body', OTHER_KEY, 'mail', true],
    ['JSON that a pattern for JSON matches', JSON_PATTERN, '{"kind":"mail"}', true],
    ['JSON that it does not match', JSON_PATTERN, '{"kind":"sms"}', false],
    ['JSON with space around it', JSON_PATTERN, ' \n{"kind":"mail"} ', true],
    ['JSON, against a pattern for texts', '{"body":[{"prefix":"{"}]}', '{"kind":"mail"}', false],
    ['JSON, against a text that is not there', '{"body":[{"exists":false}]}', '{"kind":"mail"}', false],
    ['a text, against a field that is not there', '{"body":{"a":[{"exists":false}]}}', 'mail', false],
    ['JSON without a field', '{"body":{"a":[{"exists":false}]}}', '{}', true],
    ['JSON, where the pattern says nothing of the body', OTHER_KEY, '{"kind":"mail"}', true],
    ['a body that is half JSON, as a text', '{"body":[{"prefix":"{"}]}', '{"kind":', true],
    ['a list', '{"body":{"kind":["mail"]}}', '[{"kind":"sms"},{"kind":"mail"}]', true],
    ['a number, as a text', '{"body":["12"]}', '12', true],
    ['a quoted text, as it stands', '{"body":["\\"mail\\""]}', '"mail"', true],
    ['an empty text', '{"body":[""]}', '', true],
    ['a pattern with text after its last bracket', `${JSON_PATTERN} and more`, '{"kind":"mail"}', true],
    ['a number by value', '{"body":{"n":[{"numeric":[">",100]}]}}', '{"n":1.01e2}', true],
    ['a long number', '{"body":{"n":[12345678901234567890]}}', '{"n":12345678901234567890}', true],
    [
      'another one, the same as a double',
      '{"body":{"n":[12345678901234567890]}}',
      '{"n":12345678901234567891}',
      false,
    ],
    ['a message attribute', '{"messageAttributes":{"kind":{"stringValue":["mail"]}}}', 'x', true],
    [
      'another key and the body',
      '{"eventSource":["aws:sqs"],"body":{"kind":["sms"]}}',
      '{"kind":"mail"}',
      false,
    ],
  ])('%s', (_what, pattern, body, wanted) => {
    expect(queueFilter([pattern])(record(body))).toBe(wanted);
  });

  it('wants what any of its patterns matches, and all when there is none', () => {
    const either = queueFilter([JSON_PATTERN, TEXT_PATTERN]);
    expect(['{"kind":"mail"}', 'mail', 'sms'].map((body) => either(record(body)))).toEqual([
      true,
      true,
      false,
    ]);
    expect(queueFilter([])(record('sms'))).toBe(true);
  });
});
