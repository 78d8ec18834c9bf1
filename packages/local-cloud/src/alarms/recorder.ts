import type { Clock } from '../clock.ts';
import type { RunEnd } from '../functions/host.ts';
import type { EmbeddedMetric } from '../meter/embedded-metrics.ts';
import type { MetricStore, Series } from './metric-store.ts';

/** The series under which a metric of one function is kept: its own and that of all functions. */
type Watched = readonly Series[];

interface OfFunction {
  readonly Invocations: Watched;
  readonly Errors: Watched;
  readonly Throttles: Watched;
  readonly IteratorAge: Watched;
}

const EXECUTION_METRICS: ReadonlyMap<string, string> = new Map([
  ['ExecutionStarted', 'ExecutionsStarted'],
  ['ExecutionSucceeded', 'ExecutionsSucceeded'],
  ['ExecutionFailed', 'ExecutionsFailed'],
  ['ExecutionTimedOut', 'ExecutionsTimedOut'],
  ['ExecutionAborted', 'ExecutionsAborted'],
]);

/**
 * Writes down what services tell CloudWatch, as far as an alarm asks for it.
 *
 * Sources: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html,
 * https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html and
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
 */
export class Recorder {
  readonly #store: MetricStore;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #onRecorded: () => void;
  readonly #functions = new Map<string, OfFunction>();

  /** @param onRecorded is told whenever something was written down. */
  constructor(store: MetricStore, clock: Pick<Clock, 'now'>, onRecorded: () => void) {
    this.#store = store;
    this.#clock = clock;
    this.#onRecorded = onRecorded;
  }

  /** Lambda tells of each run whether it was an error, and of each try whether it was throttled. */
  ran(functionName: string, end: RunEnd): void {
    const { Invocations, Errors, Throttles } = this.#ofFunction(functionName);
    this.#add(Throttles, end === 'throttled' ? 1 : 0);
    if (end === 'throttled') return;
    this.#add(Invocations, 1);
    this.#add(Errors, end === 'error' ? 1 : 0);
  }

  /** @param ageMs age of the last record of a batch that is handed to the function. */
  readStream(functionName: string, ageMs: number): void {
    this.#add(this.#ofFunction(functionName).IteratorAge, ageMs);
  }

  /** @param eventType of the event in an execution's history. */
  executionEvent(StateMachineArn: string, eventType: string): void {
    const name = EXECUTION_METRICS.get(eventType);
    if (name === undefined) return;
    const metric = { namespace: 'AWS/States', name, dimensions: { StateMachineArn } };
    this.#add(this.#watched(metric), 1);
  }

  /** @param status of an HTTP API's answer. */
  answered(ApiId: string, status: number): void {
    const of = (name: string) => this.#watched({ namespace: 'AWS/ApiGateway', name, dimensions: { ApiId } });
    this.#add(of('Count'), 1);
    this.#add(of('4xx'), status >= 400 && status < 500 ? 1 : 0);
    this.#add(of('5xx'), status >= 500 ? 1 : 0);
  }

  logged({ metric, values }: EmbeddedMetric): void {
    for (const value of values) this.#add(this.#watched(metric), value);
  }

  #ofFunction(FunctionName: string): OfFunction {
    const known = this.#functions.get(FunctionName);
    if (known) return known;
    const of = (name: string) =>
      [{ FunctionName }, {}].flatMap((dimensions) =>
        this.#watched({ namespace: 'AWS/Lambda', name, dimensions }),
      );
    const found = {
      Invocations: of('Invocations'),
      Errors: of('Errors'),
      Throttles: of('Throttles'),
      IteratorAge: of('IteratorAge'),
    };
    this.#functions.set(FunctionName, found);
    return found;
  }

  #watched(metric: Parameters<MetricStore['find']>[0]): Watched {
    const series = this.#store.find(metric);
    return series ? [series] : [];
  }

  #add(watched: Watched, value: number): void {
    if (watched.length === 0) return;
    const now = this.#clock.now();
    for (const series of watched) series.add(now, value);
    this.#onRecorded();
  }
}
