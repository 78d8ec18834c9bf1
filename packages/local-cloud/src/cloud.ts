import type { Alarms } from './alarms/alarms.ts';
import type { Clock } from './clock.ts';
import type { InFlight } from './in-flight.ts';
import type { Journal } from './journal/journal.ts';
import type { Mappings } from './mappings/mappings.ts';
import type { Stack } from './stack/model.ts';
import type { StateFolder } from './state/state-folder.ts';
import { openDoor, readStackFor } from './cloud/door.ts';
import { startAll, stopAll } from './cloud/lifecycle.ts';
import type { LocalCloudOptions } from './cloud/options.ts';
import { type Running, build, openFolder } from './cloud/parts.ts';

export type { LocalCloudOptions };

/**
 * Runs a synthesized stack on this machine as AWS would: tables with their streams, functions in worker threads, event
 * source mappings, workflows, event bus, queues, buckets, mail and the HTTP APIs, behind one AWS endpoint.
 *
 * @example
 * const cloud = await LocalCloud.start({ stackFile: 'cdktf.out/stacks/orderstream/cdk.tf.json' });
 * await cloud.settled();
 * await cloud.stop();
 */
export class LocalCloud {
  readonly stack: Stack;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly inFlight: InFlight;
  /** What SDK clients take as `AWS_ENDPOINT_URL`. */
  readonly endpointUrl: string;
  /** Where the first HTTP API of the stack answers; undefined when it has none. */
  readonly apiUrl: string | undefined;
  /** Where each of them answers, by name, in the order of the stack. */
  readonly apiUrls: Readonly<Record<string, string>>;
  readonly mappings: Mappings;
  readonly alarms: Alarms;
  /** Whether it goes on from what an earlier one has kept. */
  readonly goesOn: boolean;
  /** From the call of {@link start} until everything answered. */
  readonly readyAfterMs: number;
  readonly #parts: Running;
  #stopped: Promise<void> | undefined;

  private constructor(parts: Running, readyAfterMs: number) {
    this.#parts = parts;
    this.stack = parts.stack;
    this.clock = parts.clock;
    this.journal = parts.journal;
    this.inFlight = parts.inFlight;
    this.endpointUrl = parts.endpointUrl;
    this.apiUrls = parts.apis.urls;
    this.apiUrl = Object.values(parts.apis.urls)[0];
    this.mappings = parts.mappings;
    this.alarms = parts.alarms;
    this.goesOn = parts.folder?.isNew === false;
    this.readyAfterMs = readyAfterMs;
  }

  /**
   * Reads the stack and starts all of it. What it needs is there when this resolves.
   * @throws Error in one line, with the remedy: a port in use, a missing engine, a broken bundle, a resource or an
   * argument that is not run here.
   */
  static async start(options: LocalCloudOptions): Promise<LocalCloud> {
    const startedAt = performance.now();
    const door = await openDoor(options);
    let folder: StateFolder | undefined;
    try {
      const stack = readStackFor(door, options);
      folder = openFolder(options, stack);
      const parts = build(options, door, stack, folder);
      try {
        await startAll(parts, door);
        parts.trimmer.start((error) => options.onError?.(error, 'the trimming of the journal'));
      } catch (error) {
        await stopAll(parts).catch((more: unknown) => options.onError?.(more, 'the end of a failed start'));
        throw error;
      }
      return new LocalCloud(parts, performance.now() - startedAt);
    } catch (error) {
      folder?.release();
      await door.endpoint.close();
      throw error;
    }
  }

  /** Resolves when nothing is in flight: no change undelivered, no execution running, no event on its way. */
  async settled(): Promise<void> {
    await this.inFlight.settled();
  }

  /** A token of the stack's issuer for this subject, as an API's authorizer takes it. */
  token(subject: string, groups: readonly string[] = []): Promise<string> {
    return this.#parts.apis.token(subject, groups);
  }

  /**
   * Has a function run this deployment package from now on; what runs in it ends on the code before.
   * @param zip the package's bytes. @throws Error when it does not load: then the code before goes on.
   */
  async updateFunction(functionName: string, zip: Uint8Array): Promise<void> {
    await this.#parts.functions.update(functionName, zip);
  }

  /**
   * Ends everything that was started. Safe to call twice.
   * @throws AggregateError when parts could not be ended; all others are.
   */
  stop(): Promise<void> {
    return (this.#stopped ??= stopAll(this.#parts));
  }
}
