import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, type FaultPlan } from '@orderstream/local-cloud';
import { CloudClient } from '../cloud-client.ts';
import { UsageError } from '../errors.ts';
import { sessionOf, type Session } from '../session.ts';
import { allGone, descendants } from '../testing/processes.ts';

/** Longest that a start may take: after a kill, what was under way is put back first. */
const READY_WITHIN_MS = 60_000;
/** Pause between two looks at how often faults struck: what the last one saw is kept when the process dies. */
const LOOK_MS = 250;

export interface MortalCloudOptions {
  readonly stackFile: string;
  /** Holds the state, the fault plans and what the cloud said. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** A local cloud on disk whose process is killed and started again, and which has the same addresses each time. */
export class MortalCloud {
  readonly client: CloudClient;
  readonly #options: MortalCloudOptions;
  readonly #port: number;
  readonly #struck = new Map<string, number>();
  #child: ChildProcess | undefined;
  #session: Session | undefined;
  #ended: Promise<unknown> = Promise.resolve();
  #life: { faults: ReadonlyMap<string, number> } = { faults: new Map() };
  #lives = 0;

  private constructor(port: number, options: MortalCloudOptions) {
    this.#port = port;
    this.#options = options;
    this.client = new CloudClient(`http://127.0.0.1:${port}`);
  }

  static async prepare(options: MortalCloudOptions): Promise<MortalCloud> {
    return new MortalCloud(await freePort(4), options);
  }

  /** How often each kind of fault struck in all lives. */
  get struck(): ReadonlyMap<string, number> {
    const sum = new Map(this.#struck);
    for (const [kind, count] of this.#life.faults) sum.set(kind, (sum.get(kind) ?? 0) + count);
    return sum;
  }

  /** How often it was started. */
  get lives(): number {
    return this.#lives;
  }

  get isAlive(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Whether it gave up: nobody killed it. */
  get endedByItself(): boolean {
    return (this.#child?.exitCode ?? null) !== null;
  }

  /** Good for all lives: tables, addresses and outputs stay the same. */
  get session(): Session {
    if (this.#session === undefined) throw new Error('The cloud was never started.');
    return this.#session;
  }

  /** Resolves when the process is gone, for whatever reason. */
  async gone(): Promise<void> {
    await this.#ended;
  }

  /** Starts the cloud and waits until it is ready; false when it died before that. @throws UsageError when it can't start. */
  async start(plan: FaultPlan | undefined): Promise<boolean> {
    const { folder, stackFile, signal } = this.#options;
    const faults = join(folder, `faults-${this.#lives}.json`);
    if (plan !== undefined) writeFileSync(faults, JSON.stringify(plan, null, 2));
    const file = plan === undefined ? [] : [faults];
    const args = [
      join(import.meta.dirname, 'cloud-main.ts'),
      stackFile,
      String(this.#port),
      join(folder, 'state'),
      ...file,
    ];
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'ignore', 'pipe'] });
    // Its process may die while it is written to.
    child.stdin.on('error', () => undefined);
    child.stderr.pipe(createWriteStream(join(folder, 'cloud.log'), { flags: 'a' }));
    this.#child = child;
    this.#ended = once(child, 'exit');
    this.#lives += 1;
    const until = performance.now() + READY_WITHIN_MS;
    while (!(await this.client.status())?.ready) {
      signal.throwIfAborted();
      if (child.signalCode === 'SIGKILL') return false;
      if (child.exitCode !== null || performance.now() > until)
        throw new UsageError(`The cloud did not start again. What it said: ${join(folder, 'cloud.log')}`, 1);
      await sleep(20);
    }
    this.#session ??= await sessionOf(this.client, true, () => this.end());
    if (plan !== undefined) void this.#look(child);
    return true;
  }

  /** Kills the process and everything below it, as a power cut would. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child?.pid === undefined || !this.isAlive) return;
    await this.#count();
    const below = descendants(child.pid);
    child.kill('SIGKILL');
    await this.#ended;
    for (const pid of below) killOne(pid);
    await allGone(below);
  }

  /** Takes into account how often the faults of the life that has ended struck. @param killed whether it was killed. */
  bury(killed: boolean): void {
    for (const [kind, count] of this.struck) this.#struck.set(kind, count);
    if (killed) this.#struck.set('kill', (this.#struck.get('kill') ?? 0) + 1);
    this.#life = { faults: new Map() };
  }

  /** Ends it in good order. */
  async end(): Promise<void> {
    if (!this.isAlive) return;
    this.#child?.kill('SIGTERM');
    const patience = new AbortController();
    await Promise.race([this.#ended, sleep(10_000, undefined, { signal: patience.signal })]);
    patience.abort();
    await this.kill();
  }

  async #look(child: ChildProcess): Promise<void> {
    while (this.#child === child && this.isAlive) {
      await this.#count();
      await sleep(LOOK_MS);
    }
  }

  async #count(): Promise<void> {
    const life = this.#life;
    const told = await this.client.faults().catch(() => undefined);
    if (told === undefined || life !== this.#life) return;
    const counts = new Map<string, number>();
    for (const { kind, struck } of told.faults) counts.set(kind, (counts.get(kind) ?? 0) + struck);
    // A death is counted by who sees it.
    counts.delete('kill');
    life.faults = counts;
  }
}

function killOne(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}
