import type { Flight } from '@orderstream/local-cloud';
import { UsageError } from './errors.ts';

/** What is under way, by kind; those of which there is none are left out. */
export type InFlight = Readonly<Partial<Record<Flight, number>>>;

/** What `/_local/status` of a local cloud answers. */
export interface CloudStatus {
  readonly ready: boolean;
  readonly pid: number;
  readonly stack: string;
  readonly region: string;
  readonly endpoint: string;
  readonly api: string;
  /** Outputs of the stack: table names and the like. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly inFlight: InFlight;
  readonly uptimeSeconds: number;
  /** Resident memory of its process. */
  readonly memoryMb: number;
}

/** What `/_local/held` of a local cloud answers. Memory is in MB. */
export interface HeldByCloud {
  readonly processMb: number;
  readonly heapMb: number;
  readonly functions: { readonly instances: number; readonly mb: number };
  /** Of the table engine's process; null where nobody tells. */
  readonly tablesMb: number | null;
  readonly journal: {
    readonly usedBytes: number;
    readonly fileBytes: number;
    readonly rows: Readonly<Record<string, number>>;
    /** Of which rows are missing, and up to when: epoch milliseconds of the cloud's clock. */
    readonly trimmed: Readonly<Record<string, { readonly until: number; readonly rows: number }>>;
  };
  readonly messages: number;
  readonly objects: { readonly count: number; readonly bytes: number };
}

/** What `/_local/alarms` answers. */
export interface AlarmsOfCloud {
  readonly alarms: readonly {
    readonly name: string;
    /** `OK`, `ALARM` or `INSUFFICIENT_DATA`. */
    readonly state: string;
    /** ISO 8601. */
    readonly since: string;
    readonly reason: string;
    /** Ends with the alarm's runbook. */
    readonly description: string;
  }[];
}

/** What `/_local/faults` answers. */
export interface InjectedFaults {
  readonly seed: number | null;
  readonly faults: readonly {
    readonly name: string;
    readonly kind: string;
    readonly considered: number;
    readonly struck: number;
  }[];
}

/** What `/_local/refusals` answers, the newest first. */
export interface RefusedCalls {
  readonly iam: 'enforce' | 'off';
  readonly count: number;
  readonly refusals: readonly {
    readonly caller: string;
    readonly action: string;
    readonly resource: string;
    /** Where a statement is missing, or which one stands in the way. */
    readonly policy: string;
    /** The least statement that would have allowed it; null where one has to go instead. */
    readonly statement: unknown;
  }[];
}

export type JournalRow = Readonly<Record<string, string | number | null>>;

/** Longest that a cloud which is there may be too busy to say how it is, in milliseconds. */
const PATIENCE_MS = 30_000;

/** Talks to a running local cloud over its own paths beside the AWS services. */
export class CloudClient {
  readonly endpoint: string;
  readonly #patienceMs: number;

  /** @param patienceMs how long {@link status} waits for a cloud that is busy. */
  constructor(endpoint: string, patienceMs = PATIENCE_MS) {
    this.endpoint = endpoint;
    this.#patienceMs = patienceMs;
  }

  /**
   * The cloud's status; undefined when nothing that is a local cloud answers there. One that is busy is waited for:
   * only a refused or broken connection means that there is none.
   *
   * @throws UsageError when something is there, but does not answer in time.
   */
  async status(signal?: AbortSignal): Promise<CloudStatus | undefined> {
    const tooLong = AbortSignal.timeout(this.#patienceMs);
    try {
      const answer = await fetch(`${this.endpoint}/_local/status`, {
        signal: signal ? AbortSignal.any([signal, tooLong]) : tooLong,
      });
      const status = (await answer.json()) as Partial<CloudStatus>;
      return typeof status.outputs === 'object' ? (status as CloudStatus) : undefined;
    } catch {
      signal?.throwIfAborted();
      if (tooLong.aborted) throw this.#notAnswering();
      return undefined;
    }
  }

  /** The faults that are injected, and how often they struck; without a seed where none are. */
  async faults(): Promise<InjectedFaults> {
    return this.#ask('faults');
  }

  /** The stack's alarms, those that ring first. */
  async alarms(): Promise<AlarmsOfCloud> {
    return this.#ask('alarms');
  }

  /** What the stack's policies refused. */
  async refusals(): Promise<RefusedCalls> {
    return this.#ask('refusals');
  }

  /** How much the cloud holds, in memory and on disk. */
  async held(): Promise<HeldByCloud> {
    return this.#ask('held');
  }

  /** Resolves when nothing is in flight any more; `onWait` hears every second what still is. */
  async settled(signal: AbortSignal, onWait?: (inFlight: InFlight) => void): Promise<void> {
    for (;;) {
      const answer = await this.#ask<{ settled: boolean; inFlight: InFlight }>('settled?seconds=1', signal);
      if (answer.settled) return;
      onWait?.(answer.inFlight);
    }
  }

  /** A token of the local issuer for this customer, or for a member of these groups. */
  async token(subject: string, groups: readonly string[] = []): Promise<string> {
    const query = new URLSearchParams({ subject });
    for (const group of groups) query.append('group', group);
    return (await this.#ask<{ token: string }>(`token?${query.toString()}`)).token;
  }

  /** Mail and SMS that were sent, newest first. @param query `recipient`, `orderId` and `limit`, as the cloud takes them. */
  async outbox(query: Readonly<Record<string, string>>): Promise<unknown> {
    return this.#ask(`outbox?${new URLSearchParams(query).toString()}`);
  }

  /** Rows of the journal; see the local cloud's journal views. */
  async journal(view: string, parameters: Readonly<Record<string, string>> = {}): Promise<JournalRow[]> {
    const query = new URLSearchParams({ ...parameters, view });
    return (await this.#ask<{ rows: JournalRow[] }>(`journal?${query.toString()}`)).rows;
  }

  /** The cloud's time, after it was moved forward where that is asked for. */
  async clock(advanceMs?: number, signal?: AbortSignal): Promise<{ now: string; aheadMs: number }> {
    const body = advanceMs === undefined ? undefined : JSON.stringify({ advanceMs });
    return this.#ask('clock', signal, body);
  }

  /** What AWS would bill so far. @param restart counts from 0 again afterwards. */
  async meter(restart = false): Promise<unknown> {
    return this.#ask('meter', undefined, restart ? '' : undefined);
  }

  /** The law of order, judged by the cloud over its whole journal. */
  async order(): Promise<{ checked: number; violations: string[] }> {
    return this.#ask('order');
  }

  #notAnswering(): UsageError {
    return new UsageError(
      `Something listens at ${this.endpoint}, but has not answered within ${this.#patienceMs / 1_000} s. Wait until it is less busy, end it, or choose another port with --port.`,
      1,
    );
  }

  /** @param body makes it a POST. */
  async #ask<T>(path: string, signal?: AbortSignal, body?: string): Promise<T> {
    const answer = await fetch(`${this.endpoint}/_local/${path}`, {
      ...(signal && { signal }),
      ...(body !== undefined && { method: 'POST', body }),
    });
    if (!answer.ok) {
      throw new UsageError(
        `The local cloud at ${this.endpoint} answered ${answer.status} to ${path}: ${await answer.text()}`,
        1,
      );
    }
    return (await answer.json()) as T;
  }
}
