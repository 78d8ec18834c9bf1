import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'cdktf';
import { readConfig } from '../config.ts';
import { OrderstreamStack, STACK_ID } from '../stack.ts';

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
