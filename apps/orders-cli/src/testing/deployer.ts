import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { stackCopy } from '../chaos/stack.ts';
import { ROOT } from '../prepare.ts';

/** Access key of whoever calls with the role that deploys, in a stack with one. */
export const DEPLOYER = 'deployer';

type Resources = Record<string, object>;

/** A stack in a folder of its own. */
export interface DeployerStack {
  readonly stackFile: string;
  remove(): void;
}

/**
 * The stack with one more role, which may do what `npm run bootstrap` lets the role of a deployment do to smoke orders,
 * and nothing else. The local cloud knows the credentials of functions alone, so a function of any code has it.
 */
export async function stackWithDeployer(): Promise<DeployerStack> {
  const folder = mkdtempSync(join(tmpdir(), 'orders-deployer-'));
  const stackFile = await stackCopy(
    folder,
    undefined,
    undefined,
    () => undefined,
    AbortSignal.timeout(120_000),
  );
  const stack: {
    resource: Record<'aws_lambda_function' | 'aws_iam_role' | 'aws_iam_role_policy', Resources>;
  } = JSON.parse(readFileSync(stackFile, 'utf8'));
  const {
    aws_lambda_function: functions,
    aws_iam_role: roles,
    aws_iam_role_policy: policies,
  } = stack.resource;
  const [some] = Object.values(functions).filter((one) => !('vpc_config' in one));
  const [role] = Object.values(roles);
  roles[DEPLOYER] = { ...role, name: DEPLOYER };
  policies[DEPLOYER] = {
    name: DEPLOYER,
    role: `\${aws_iam_role.${DEPLOYER}.id}`,
    policy: JSON.stringify({ Version: '2012-10-17', Statement: await smokeStatements() }),
  };
  functions[DEPLOYER] = { ...some, function_name: DEPLOYER, role: `\${aws_iam_role.${DEPLOYER}.arn}` };
  writeFileSync(stackFile, JSON.stringify(stack));
  return { stackFile, remove: () => rmSync(folder, { recursive: true }) };
}

/** As the bootstrap writes them, for the local stack. */
async function smokeStatements(): Promise<unknown> {
  const file = join(ROOT, 'infra/src/bootstrap/permissions/smoke.ts');
  const place = { account: '*', region: '*', prefix: 'orderstream-local' };
  const script = `import { smokeStatements } from ${JSON.stringify(file)};
    process.stdout.write(JSON.stringify(smokeStatements(${JSON.stringify(place)})));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  return JSON.parse(stdout);
}
