/**
 * Builds the function app in the current folder: of `src/handler.ts`, `dist/index.cjs`, one file that needs no other and
 * whose handler is `index.handler`, and `dist/function.zip`, the deployment package. Equal sources give equal bytes, so an
 * unchanged function is not deployed again. An app that has `src/handler-<name>.ts` beside it, for what only some
 * deployments need, gets `<name>.cjs` into the package as well: those name `<name>.handler`, and the others load none of it.
 *
 * `--out FOLDER` writes both there instead. `--edit FILE` changes one source on its way into the bundle: a JSON document
 * `{file, find, replace}` with an absolute path and a text that stands in it once. The source itself stays as it is.
 */
import { build } from 'esbuild';
import { zipSync } from 'fflate';
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { editing } from './edit.ts';
import { usedStripeResources } from './stripe-resources.ts';

/** Bytes of code up to which a cold start is not felt. */
const BUDGET = 300_000;

/** The same, where a provider's own library comes on top: of a file that only some deployments run. */
const BUDGET_WITH_PROVIDER = 350_000;

/**
 * What the AWS SDK imports only on ways that our functions never take. Credentials come from the environment, on Lambda
 * as in the local cloud, and no operation used streams its answer. They stay outside of the bundle because a dynamic
 * import inside makes esbuild keep, and wrap for later, every module that it might reach.
 */
const NEVER_REACHED = [
  '@aws-sdk/credential-provider-http',
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@smithy/core/event-streams',
  '@smithy/credential-provider-imds',
];

/**
 * What the AWS SDK makes at a client's start for endpoint discovery, which our functions leave off: 7 KB of a cache. Its
 * import is static, so it can't stay outside of the bundle.
 */
const NEVER_USED = { 'mnemonist/lru-cache': fileURLToPath(new URL('no-cache.js', import.meta.url)) };

const { out, edit } = parseArgs({
  options: { out: { type: 'string', default: 'dist' }, edit: { type: 'string' } },
}).values;

/** The handlers' sources by the name of their file in the package: `index` first. */
async function entryPoints(): Promise<Record<string, string>> {
  const others = (await readdir('src')).flatMap((file) => {
    const name = /^handler-([a-z]+)\.ts$/.exec(file)?.[1];
    return name === undefined ? [] : [[name, join('src', file)]];
  });
  return Object.fromEntries([['index', join('src', 'handler.ts')], ...others.sort()]);
}

/** Writes a file for each entry point. What is wrong with the sources, esbuild says itself. */
async function bundle(entries: Readonly<Record<string, string>>): Promise<void> {
  await build({
    entryPoints: { ...entries },
    outdir: out,
    outExtension: { '.js': '.cjs' },
    plugins: [usedStripeResources, ...(edit === undefined ? [] : [await editing(edit)])],
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    minify: true,
    mainFields: ['module', 'main'],
    external: NEVER_REACHED,
    alias: NEVER_USED,
    legalComments: 'none',
    logLevel: 'warning',
  });
}

/** The deployment package: a fixed time (a zip's are local, without a zone) and a mode that Lambda's user can read. */
function packed(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const file = { mtime: new Date(1980, 0, 1), os: 3, attrs: 0o644 << 16 };
  return zipSync(Object.fromEntries(Object.entries(files).map(([name, code]) => [name, [code, file]])), {
    level: 9,
  });
}

const entries = await entryPoints();
await bundle(entries).catch(() => process.exit(1));
const files: Record<string, Uint8Array> = {};
for (const name of Object.keys(entries)) files[`${name}.cjs`] = await readFile(join(out, `${name}.cjs`));
// In one step, so that whoever watches it never reads half of it; by a name that no other build of the app has.
const packagePath = join(out, 'function.zip');
const unfinished = `${packagePath}.${process.pid}`;
await writeFile(unfinished, packed(files));
await rename(unfinished, packagePath);
for (const [name, code] of Object.entries(files)) {
  const what = name === 'index.cjs' ? basename(process.cwd()) : `${basename(process.cwd())} (${name})`;
  const budget = name === 'index.cjs' ? BUDGET : BUDGET_WITH_PROVIDER;
  const over = code.length > budget ? `, over the budget of ${budget / 1000} KB: look what came in` : '';
  console.log(`${what}: ${Math.round(code.length / 1000)} KB${over}`);
}
