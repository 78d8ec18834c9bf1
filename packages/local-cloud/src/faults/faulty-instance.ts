import type { Clock } from '../clock.ts';
import type { Answer } from '../functions/function-worker.ts';
import type { Instance } from '../functions/function-pool.ts';
import type { InvocationRequest } from '../functions/protocol.ts';
import { exited, type RuntimeError, timedOut } from '../functions/runtime-errors.ts';
import type { FaultOf } from './fault.ts';
import type { FunctionCalls } from './function-calls.ts';
import type { Series } from './series.ts';
import type { Site } from './site.ts';

export interface FaultyInstanceParts {
  readonly instance: Instance;
  readonly functionName: string;
  readonly series: readonly Series<FaultOf<'crash' | 'timeout'>>[];
  readonly calls: FunctionCalls;
  readonly clock: Clock;
}

/** An instance of a function whose thread may die in the middle of its work, or never come back from it. */
export class FaultyInstance implements Instance {
  readonly #parts: FaultyInstanceParts;
  readonly #site: Site;

  constructor(parts: FaultyInstanceParts) {
    this.#parts = parts;
    const { functionName } = parts;
    this.#site = { service: 'lambda', operation: 'Invoke', functionName, mayRepeat: false };
  }

  get isBroken(): boolean {
    return this.#parts.instance.isBroken;
  }

  load(): Promise<RuntimeError | undefined> {
    return this.#parts.instance.load();
  }

  kill(): Promise<void> {
    return this.#parts.instance.kill();
  }

  usedMb(): Promise<number> {
    return this.#parts.instance.usedMb();
  }

  run(request: InvocationRequest): Promise<Answer> {
    for (const series of this.#parts.series) {
      if (!series.consider(this.#site)) continue;
      const { fault } = series;
      return fault.kind === 'timeout' ? this.#timeOut(request) : this.#crash(request, fault);
    }
    return this.#parts.instance.run(request);
  }

  /** The thread dies at the wanted moment, and at the latest when the function has done its work. */
  async #crash(request: InvocationRequest, { at = 'after' }: FaultOf<'crash'>): Promise<Answer> {
    const { instance, functionName, calls, clock } = this.#parts;
    let endWatch = () => {};
    if (at === 'before') await instance.kill();
    else if (at !== 'after' && 'calls' in at) {
      endWatch = calls.watch(functionName, request.trace, at.calls, () => instance.kill());
    } else if (at !== 'after') {
      const timer = clock.setTimeout(() => void instance.kill(), at.ms);
      endWatch = () => clock.clearTimeout(timer);
    }
    if (at !== 'before') await instance.run(request);
    endWatch();
    await instance.kill();
    return { kind: 'error', error: exited(request.requestId, 'killed') };
  }

  /** Whatever the function does, nobody hears of it before its time is up. */
  async #timeOut(request: InvocationRequest): Promise<Answer> {
    const { instance, clock } = this.#parts;
    const endsAt = clock.now() + request.timeoutMs;
    await instance.run(request);
    const left = endsAt - clock.now();
    if (left > 0) await clock.sleep(left);
    await instance.kill();
    return { kind: 'error', error: timedOut(request.requestId, request.timeoutMs / 1000) };
  }
}
