import { writeFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { MovableClock } from '../clock.ts';
import { InFlight } from '../in-flight.ts';
import type { JournalKind, JournalRows } from '../journal/rows.ts';
import type { FunctionConfig } from '../stack/model.ts';
import { FunctionHost, type FunctionHostParts, type FunctionLog } from './host.ts';
import type { InvokeCause } from './invoker.ts';

export const CAUSE: InvokeCause = { kind: 'call', name: 'test' };

/** A function made of source code, for tests. */
export interface TestFunction extends Partial<FunctionConfig> {
  /** CommonJS source of `index.cjs`; the whole package where it is bytes. */
  readonly code: string | Uint8Array;
}

/** A host with functions made of source code, and what it noted down. */
export class HostBench {
  readonly clock = new MovableClock();
  readonly inFlight = new InFlight();
  readonly logs: FunctionLog[] = [];
  readonly invocations: JournalRows['invocations'][] = [];
  readonly host: FunctionHost;
  /** A folder of its own, where its packages are. */
  readonly directory: string;

  private constructor(
    directory: string,
    functions: readonly FunctionConfig[],
    parts: Partial<FunctionHostParts>,
  ) {
    this.directory = directory;
    this.host = new FunctionHost({
      functions,
      clock: this.clock,
      inFlight: this.inFlight,
      journal: {
        append: <K extends JournalKind>(kind: K, row: JournalRows[K]) => {
          if (kind === 'invocations') this.invocations.push(row as JournalRows['invocations']);
        },
      },
      environment: () => ({}),
      onLog: (log) => this.logs.push(log),
      ...parts,
    });
  }

  /** @param functions by name. */
  static async make(
    functions: Record<string, TestFunction>,
    parts: Partial<FunctionHostParts> = {},
  ): Promise<HostBench> {
    const directory = await mkdtemp(join(tmpdir(), 'orderstream-test-'));
    const configs = Object.entries(functions).map(async ([name, { code, ...changed }]) => {
      const zip = join(directory, `${name}.zip`);
      await writeFile(zip, typeof code === 'string' ? zipSync({ 'index.cjs': strToU8(code) }) : code);
      return { ...configOf(name, zip), ...changed };
    });
    return new HostBench(directory, await Promise.all(configs), parts);
  }

  /** The payload that the function answers with, parsed. */
  async call(name: string, event: unknown = {}): Promise<unknown> {
    const { payload } = await this.host.invoke(name, JSON.stringify(event), CAUSE);
    return JSON.parse(payload);
  }

  /** Makes a file in its folder, for a function to see. */
  touch(name: string): void {
    writeFileSync(join(this.directory, name), '');
  }

  async stop(): Promise<void> {
    await this.host.stop();
    this.clock.stop();
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** What the stack says of a function. */
export function configOf(name: string, zip: string): FunctionConfig {
  return {
    name,
    arn: `arn:aws:lambda:eu-central-1:000000000000:function:${name}`,
    roleArn: 'arn:aws:iam::000000000000:role/test',
    handler: 'index.handler',
    package: zip,
    runtime: 'nodejs24.x',
    timeoutSeconds: 10,
    memoryMb: 256,
    environment: {},
    logGroup: `/aws/lambda/${name}`,
  };
}

/** The version that is published, and the alias that points to it. */
export const PUBLISHED = { version: '1', aliases: [{ name: 'live', version: '1' }] } as const;

/** A function whose events say what it does: `state.calls` counts its invocations in this instance. */
export const SCRIPTED = `
  const state = { calls: 0 };
  exports.handler = async (event, context) => {
    state.calls++;
    return new Function('event', 'context', 'state', 'return (async () => { ' + (event.does ?? '') + ' })()')(event, context, state);
  };`;

/** Starts a host once for all tests of a block. */
export function started(functions: Record<string, TestFunction>, ...parts: [object?]): () => HostBench {
  let bench: HostBench;
  beforeAll(async () => {
    bench = await HostBench.make(functions, ...parts);
    await bench.host.start();
  });
  afterAll(() => bench.stop());
  return () => bench;
}
