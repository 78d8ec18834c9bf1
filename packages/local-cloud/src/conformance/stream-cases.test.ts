import type { CaseResult } from './case-result.ts';
import { sharedFile } from './shared-cases.fixture.ts';
import { runStreamCases } from './stream-cases.ts';

async function run(text: string): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  for await (const result of runStreamCases(text)) results.push(result);
  return results;
}

/** A scenario that AWS documents: the second try succeeds. */
const scenario = {
  id: 'T1',
  records: 2,
  config: { BatchSize: 2 },
  function: ['throw', 'throttle', 'ok'] as unknown,
  invocations: [
    [1, 2],
    [1, 2],
  ],
  checkpoints: [2],
  onFailure: [] as unknown[],
};
const lines = (...changes: Partial<typeof scenario>[]) =>
  changes.map((change) => JSON.stringify({ ...scenario, ...change })).join('\n');

const shared = sharedFile('stream-cases.jsonl');
(shared === undefined ? describe.skip : describe)('the shared stream cases', () => {
  it('all pass', async () => {
    const results = await run(shared ?? '');

    expect(results.filter(({ problems }) => problems.length > 0)).toEqual([]);
    expect(results.length).toBeGreaterThan(5);
  });
});

describe('a stream case', () => {
  it('passes when the mapping does what it expects', async () => {
    expect(await run(lines({}))).toEqual([{ id: 'T1', problems: [] }]);
  });

  it('names what differs', async () => {
    const [result] = await run(lines({ invocations: [[1, 2]], checkpoints: [1, 2] }));

    expect(result?.problems).toEqual([
      'invocations, from entry 2 on: expected [], got [[1,2]]',
      'checkpoints: expected [1,2], got [2]',
    ]);
  });

  it.each([
    ['as it is', 2, []],
    ['unless the case leaves it open', null, []],
    ['and a wrong one is named', 7, [expect.stringMatching(/^on failure: .*"count":7.* got .*"count":2/)]],
  ])('compares how often the function was invoked, %s', async (_how, count, problems) => {
    const onFailure = [{ first: 1, last: 1, count, fe: 'Unhandled' }];
    const given = {
      records: 1,
      config: { BatchSize: 1, MaximumRetryAttempts: 1 },
      function: ['throw'],
      invocations: [[1], [1]],
      checkpoints: [1],
      onFailure,
    };

    expect((await run(lines(given)))[0]?.problems).toEqual(problems);
  });

  it('that never ends fails, and the next one runs', async () => {
    const [endless, next] = await run(lines({ function: ['throw'] }, { id: 'T2' }));

    expect(endless?.problems).toEqual([expect.stringMatching(/^does not end/)]);
    expect(next).toEqual({ id: 'T2', problems: [] });
  });

  it.each([
    ['many records', { records: 1_500, config: { BatchSize: 1 }, function: ['ok'] }, 1_500],
    [
      'many retries',
      { records: 1, config: { BatchSize: 1, MaximumRetryAttempts: 1_200 }, function: ['throw'] },
      1_201,
    ],
    ['no records', { records: 0, config: { BatchSize: 1 }, function: { poison: [] } }, 0],
  ])('with %s ends', async (_what, given, invocations) => {
    const [result] = await run(lines({ ...given, invocations: [], checkpoints: [], onFailure: [] }));

    const [problem = `(${invocations} entries)`] = result?.problems ?? [];
    expect(problem).toContain(`(${invocations} entries)`);
  });

  it('that cannot be read fails under its line, and the next one runs', async () => {
    const unknown = JSON.stringify({ ...scenario, config: { BatchSize: 2, Window: 3 } });

    const results = await run(`nonsense\n\n${unknown}\n${lines({})}\n`);

    expect(results).toEqual([
      { id: 'line 1', problems: [expect.stringMatching(/^is not JSON/)] },
      { id: 'line 3', problems: [expect.stringMatching(/Window/)] },
      { id: 'T1', problems: [] },
    ]);
  });
});
