import { createInterface } from 'node:readline/promises';
import { IAMClient } from '@aws-sdk/client-iam';
import { S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Item } from './change.ts';
import { consentFor } from './consent.ts';
import { desiredOf } from './desired.ts';
import { BootstrapError } from './errors.ts';
import { asBootstrapError } from './failure.ts';
import { type BootstrapOptions, USAGE, readOptions } from './options.ts';
import { applyAll, lookAndCompare } from './plan.ts';
import { itemTable, reportOf, variableLines } from './report.ts';

/** Makes what deployments stand on. Exit codes: 0 all is as it should be, 1 it is not (also with --dry-run), 2 it was called wrongly. */
async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2), process.env);
  if (!options) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const { region } = options;
  const clients = { iam: new IAMClient({ region }), s3: new S3Client({ region }) };
  const { Account } = await new STSClient({ region }).send(new GetCallerIdentityCommand({}));
  if (Account === undefined)
    throw new BootstrapError('AWS does not say whose credentials these are: set AWS_PROFILE.');
  const desired = desiredOf(options, Account);
  const items = await lookAndCompare(clients, desired);
  const report = reportOf(desired, options.environments, items, options.isDryRun);
  if (options.isDryRun) {
    if (hasChanges(items)) process.exitCode = 1;
  } else if (hasChanges(items)) {
    await confirm(options, itemTable({ ...report, dryRun: true }));
    await applyAll(clients, items);
  }
  process.stdout.write(
    options.isJson
      ? `${JSON.stringify(report, null, 2)}\n`
      : `${itemTable(report)}\n\n${variableLines(report)}\n`,
  );
}

function hasChanges(items: readonly Item[]): boolean {
  return items.some(({ changes }) => changes.length > 0);
}

/** @throws BootstrapError when nobody may be asked, or the answer is no. */
async function confirm(options: BootstrapOptions, plan: string): Promise<void> {
  const consent = consentFor(options, process.env, process.stdin.isTTY === true);
  if (consent === 'given') return;
  if (consent === 'lacking') {
    throw new BootstrapError(`${plan}\nNothing is changed without being told so: add --yes.`, 2);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${plan}\n\nDo this in the account? Type yes: `);
  terminal.close();
  if (answer.trim() !== 'yes') throw new BootstrapError('Nothing was changed.');
}

try {
  await main();
} catch (error) {
  const known = asBootstrapError(error);
  if (!known) throw error;
  process.stderr.write(`${known.message}\n`);
  process.exitCode = known.exitCode;
}
