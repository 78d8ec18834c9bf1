import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../testing/command.ts';

const agreeing = { id: 'P1', pattern: '{"a":[1]}', event: '{"a":1}', expect: true };
const disagreeing = { ...agreeing, id: 'P2', expect: false };

describe('orders conformance', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'conformance-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const fileOf = (text: string) => {
    const file = join(folder, 'cases');
    writeFileSync(file, text);
    return file;
  };

  it('prints each disagreement and the count, and ends with 1', async () => {
    const file = fileOf(JSON.stringify({ cases: [agreeing, disagreeing] }));

    const { stdout, code } = await runCommand('conformance', 'patterns', file);

    expect(stdout.trim().split('\n')).toEqual([expect.stringMatching(/P2.*matches/), '1 passed, 1 failed']);
    expect(code).toBe(1);
  });

  it('ends with 0 when all agree', async () => {
    const file = fileOf(JSON.stringify({ cases: [agreeing] }));

    const { stdout, code } = await runCommand('conformance', 'patterns', file, '--json');

    expect(JSON.parse(stdout)).toEqual({ passed: 1, failed: 0, disagreements: [] });
    expect(code).toBe(0);
  });

  it('runs stream cases', async () => {
    const scenario = { id: 'S1', records: 1, config: {}, function: ['ok'], invocations: [[1]] };
    const file = fileOf(JSON.stringify({ ...scenario, checkpoints: [1], onFailure: [] }));

    expect(await runCommand('conformance', 'stream', file)).toMatchObject({
      stdout: '1 passed, 0 failed\n',
      code: 0,
    });
  });

  it.each([
    ['patterns', '{}', /cases is no file of patterns cases: .*cases/s],
    ['stream', '', /cases is no file of stream cases: it holds none/],
    ['mappings', '{}', /There are no cases of "mappings", only of patterns and stream/],
  ])('refuses %s cases in %j', async (what, text, message) => {
    const { stderr, stdout, code } = await runCommand('conformance', what, fileOf(text));

    expect(stderr).toMatch(message);
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
  });

  it('refuses a file that is not there', async () => {
    const { stderr, code } = await runCommand('conformance', 'patterns', join(folder, 'none'));

    expect(stderr).toMatch(/none can't be read .*Give the path of a case file/);
    expect(code).toBe(2);
  });
});
