import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'cdktf';
import { readConfig } from '../config/config.ts';
import { OrderstreamStack, STACK_ID } from '../stack.ts';

/** The settings that a deployment on AWS has to choose. */
export const DEV = {
  ORDERSTREAM_ENV: 'dev',
  ORDERSTREAM_MAIL_FROM: 'shop@example.com',
  ORDERSTREAM_STATE_BUCKET: 'orderstream-state-123456789012-eu-west-1',
};
export const PROD = {
  ...DEV,
  ORDERSTREAM_ENV: 'prod',
  ORDERSTREAM_PAYMENT_GATEWAY: 'sandbox',
  ORDERSTREAM_CARRIER: 'sandbox',
  ORDERSTREAM_ALARM_MAIL: 'none',
};

/** Arguments of a resource as the Terraform JSON has them. */
export type Arguments = Readonly<Record<string, unknown>>;

export interface Synthesized {
  /** The Terraform JSON, byte for byte. */
  readonly text: string;
  readonly document: {
    readonly resource: Readonly<Record<string, Readonly<Record<string, Arguments>>>>;
    readonly data: Readonly<Record<string, Readonly<Record<string, Arguments>>>>;
    readonly output: Readonly<Record<string, { readonly value: string }>>;
    readonly provider: Readonly<Record<string, readonly Arguments[]>>;
    readonly terraform: Arguments;
  };
  /** Contents of the assets by their path in the stack's folder. */
  readonly assets: ReadonlyMap<string, string>;
}

/** Synthesizes the stack under the given environment variables; every app's package holds only the app's name. */
export function synthesize(variables: Readonly<Record<string, string>> = {}): Synthesized {
  const folder = mkdtempSync(join(tmpdir(), 'orderstream-synth-'));
  try {
    const outdir = join(folder, 'out');
    const app = new App({ outdir });
    new OrderstreamStack(app, readConfig(variables), (name) => {
      const file = join(folder, `${name}.zip`);
      writeFileSync(file, name);
      return file;
    });
    app.synth();
    const stackFolder = join(outdir, 'stacks', STACK_ID);
    const text = readFileSync(join(stackFolder, 'cdk.tf.json'), 'utf8');
    const document: Synthesized['document'] = JSON.parse(text);
    const packages = Object.values(document.resource['aws_lambda_function'] ?? {}).map(({ filename }) =>
      String(filename),
    );
    const assets = new Map(packages.map((path) => [path, readFileSync(join(stackFolder, path), 'utf8')]));
    return { text, document, assets };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Every resource of a type, by its logical id. */
export function resourcesOf({ document }: Synthesized, type: string): Readonly<Record<string, Arguments>> {
  return document.resource[type] ?? {};
}

/** The one resource of a type with this value in this argument. */
export function resourceWith(
  stack: Synthesized,
  type: string,
  argument: string,
  value: unknown,
): { readonly id: string; readonly arguments: Arguments } {
  const found = Object.entries(resourcesOf(stack, type)).filter(([, one]) => one[argument] === value);
  const [first] = found;
  if (first === undefined || found.length > 1) {
    throw new Error(`${found.length} resources of type ${type} have ${argument} = ${String(value)}`);
  }
  return { id: first[0], arguments: first[1] };
}

/** A reference to an attribute of the one resource with this value in this argument: `${type.id.attribute}`. */
export function referenceTo(
  stack: Synthesized,
  [type, argument, value]: readonly [type: string, argument: string, value: string],
  attribute: string,
): string {
  return `\${${type}.${resourceWith(stack, type, argument, value).id}.${attribute}}`;
}

/** A reference to an attribute of the alias that the function of this name is called by. */
export function liveOf(stack: Synthesized, functionName: string, attribute: string): string {
  const called = referenceTo(stack, ['aws_lambda_function', 'function_name', functionName], 'function_name');
  return referenceTo(stack, ['aws_lambda_alias', 'function_name', called], attribute);
}

/** One statement of a policy document. */
export interface ReadStatement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Principal?: unknown;
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: unknown;
}

export function statementsOf(document: unknown): readonly ReadStatement[] {
  const { Statement }: { Statement: readonly ReadStatement[] } = JSON.parse(String(document));
  return Statement;
}

/** What the role of the function of an app allows. */
export function grantsOf(stack: Synthesized, functionName: string): readonly ReadStatement[] {
  return statementsOf(resourceWith(stack, 'aws_iam_role_policy', 'name', functionName).arguments['policy']);
}

/** An API with what belongs to it. */
export function apiOf(stack: Synthesized, name: string) {
  const { id } = resourceWith(stack, 'aws_apigatewayv2_api', 'name', name);
  const own = (type: string) =>
    Object.entries(resourcesOf(stack, type)).filter(
      ([, one]) => one['api_id'] === `\${aws_apigatewayv2_api.${id}.id}`,
    );
  const routes = own('aws_apigatewayv2_route').map(([, route]) => route);
  return {
    id,
    routes,
    stage: own('aws_apigatewayv2_stage')[0]?.[1] ?? {},
    authorizer: own('aws_apigatewayv2_authorizer')[0] ?? ['', {}],
    /** Keys of the routes with this authorization, in alphabetical order. */
    routesWith: (authorization: string) =>
      routes
        .filter((route) => route['authorization_type'] === authorization)
        .map((route) => route['route_key'])
        .sort(),
  };
}

/** Who may call a function besides roles: the services, each with what it may call for. */
export function callersOf(stack: Synthesized, functionName: string): readonly Arguments[] {
  const called = referenceTo(stack, ['aws_lambda_function', 'function_name', functionName], 'function_name');
  return Object.values(resourcesOf(stack, 'aws_lambda_permission'))
    .filter((one) => one['function_name'] === called && one['action'] === 'lambda:InvokeFunction')
    .filter((one) => one['qualifier'] === liveOf(stack, functionName, 'name'))
    .map(({ principal, source_arn }) => ({ principal, source_arn }));
}
