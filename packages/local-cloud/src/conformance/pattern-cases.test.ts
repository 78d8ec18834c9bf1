import { runPatternCases } from './pattern-cases.ts';
import { sharedFile } from './shared-cases.fixture.ts';

const run = (document: unknown) => [...runPatternCases(JSON.stringify(document))];

const shared = sharedFile('event-patterns.json');
(shared === undefined ? describe.skip : describe)('the shared patterns, decided by AWS’s own matcher', () => {
  it('all agree', () => {
    const results = [...runPatternCases(shared ?? '')];

    expect(results.filter(({ problems }) => problems.length > 0)).toEqual([]);
    expect(results.length).toBeGreaterThan(150);
  });
});

describe('a pattern case', () => {
  it.each([
    ['that agrees', '{"a":[1]}', '{"a":1.0}', true, []],
    ['that should not match', '{"a":[1]}', '{"a":1}', false, [/^matches, but should not/]],
    ['that should match', '{"a":[1]}', '{"a":2}', true, [/^does not match, but should/]],
    ['that is refused', '{"a":[]}', '{"a":2}', true, [/^is refused \(.*\): \{"a":\[\]\}/]],
    ['without an event', '{"a":[1]}', 'nonsense', true, [/^cannot be matched/]],
  ])('%s', (_what, pattern, event, expect_, problems) => {
    const [result] = run({ cases: [{ id: 'P1', pattern, event, expect: expect_ }] });

    expect(result).toEqual({
      id: 'P1',
      problems: problems.map((problem) => expect.stringMatching(problem) as string),
    });
  });

  it('of an invalid pattern passes when the pattern is refused', () => {
    const invalid = [
      { id: 'I1', pattern: '{"a":[]}' },
      { id: 'I2', pattern: '{"a":[1]}' },
    ];

    expect(run({ cases: [], invalid })).toEqual([
      { id: 'I1', problems: [] },
      { id: 'I2', problems: [expect.stringMatching(/^is taken, but must be refused/)] },
    ]);
  });

  it.each([
    ['is not JSON', 'nonsense', /it is not JSON/],
    ['has another form', '{"cases":[{"id":1}]}', /cases\[0\]/],
  ])('file that %s is refused', (_what, text, message) => {
    expect(() => [...runPatternCases(text)]).toThrow(message);
  });
});
