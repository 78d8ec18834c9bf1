import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { parse } from 'yaml';
import * as z from 'zod';
import { MARKER } from './diff-comment.ts';

const ROOT = join(__dirname, '../../..');
const stepSchema = z.object({
  name: z.string().optional(),
  uses: z.string().optional(),
  'continue-on-error': z.boolean().optional(),
  run: z.string().optional(),
  with: z.object({ script: z.string().optional() }).optional(),
});
const { jobs } = z
  .object({ jobs: z.record(z.string(), z.object({ steps: z.array(stepSchema).optional() })) })
  .parse(parse(readFileSync(join(ROOT, '.github/workflows/ci.yml'), 'utf8')));

describe('the job that makes the diff', () => {
  const script = jobs['diff']?.steps?.find(({ name }) => name === 'diff')?.run ?? '';
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'orderstream-diff-'));
    symlinkSync(join(ROOT, 'infra'), join(folder, 'infra'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Runs the step as GitHub does, with commands that say this and exit so. */
  function runWith(commands: Readonly<Record<string, string>>) {
    for (const [name, text] of Object.entries({ npx: 'exec "$@"', ...commands })) {
      writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
      chmodSync(join(folder, name), 0o755);
    }
    const path = [folder, dirname(process.execPath), process.env['PATH']].join(':');
    const { status } = spawnSync('bash', ['-e', '-c', script], {
      cwd: folder,
      env: { PATH: path },
      encoding: 'utf8',
    });
    return { status, comment: readFileSync(join(folder, 'comment.md'), 'utf8') };
  }

  it.each([
    ['the plan', { npm: 'echo written', cdktf: 'echo 1 to add' }, 0, '1 to add'],
    ['why the plan failed', { npm: 'echo written', cdktf: 'echo no state >&2; exit 1' }, 1, 'no state'],
    [
      'why the synthesis failed',
      { npm: 'echo ORDERSTREAM_MAIL_FROM is not set >&2; exit 3', cdktf: 'echo 1 to add' },
      3,
      'ORDERSTREAM_MAIL_FROM is not set',
    ],
  ])('shows %s, and ends as that did', (_, commands, status, shown) => {
    const ended = runWith(commands);

    expect(ended.status).toBe(status);
    expect(ended.comment).toContain(`\n\`\`\`\n${shown}\n\`\`\`\n`);
  });
});

describe('the job that comments', () => {
  const script = jobs['comment']?.steps?.find((step) => step.with?.script)?.with?.script ?? '';
  const theirs = { id: 1, user: { login: 'somebody' }, body: `${MARKER} quoted` };
  const own = { id: 2, user: { login: 'github-actions[bot]' }, body: `${MARKER}\nan older plan` };

  /** What the script writes where these comments are, and this file, if any, came from the other job. */
  async function written(comments: readonly object[], file: string | undefined) {
    const calls: { kind: string; comment_id?: number; body: string }[] = [];
    const issues = {
      listComments: 'list',
      updateComment: (call: { comment_id: number; body: string }) => calls.push({ kind: 'update', ...call }),
      createComment: (call: { body: string }) => calls.push({ kind: 'create', ...call }),
    };
    await runInNewContext(`(async () => {${script}})()`, {
      github: { rest: { issues }, paginate: () => comments },
      context: {
        ...{ repo: { owner: 'acme', repo: 'shop' }, issue: { number: 7 } },
        ...{ serverUrl: 'https://github.com', runId: 42 },
      },
      require: () => ({ existsSync: () => file !== undefined, readFileSync: () => file }),
    });
    return calls;
  }

  it.each([
    ['adds its comment', [theirs], { kind: 'create' }],
    ['writes its own anew', [theirs, own], { kind: 'update', comment_id: 2 }],
  ])('%s', async (_, comments, call) => {
    expect(await written(comments, `${MARKER}\na plan`)).toMatchObject([
      { ...call, body: `${MARKER}\na plan` },
    ]);
  });

  it('says that there is no diff where there is none, instead of leaving the older one', async () => {
    const [call] = await written([own], undefined);

    expect(jobs['comment']?.steps?.[0]).toMatchObject({
      uses: expect.stringMatching(/^actions\/download-artifact@/),
      'continue-on-error': true,
    });
    expect(call).toMatchObject({ kind: 'update', comment_id: 2 });
    expect(call?.body.split('\n')[0]).toBe(MARKER);
    expect(call?.body).toContain('https://github.com/acme/shop/actions/runs/42');
  });
});
