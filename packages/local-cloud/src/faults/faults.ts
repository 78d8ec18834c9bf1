import type { TargetOutlets } from '../bus/target.ts';
import type { Clock } from '../clock.ts';
import { BrokenConnection } from '../endpoint/broken-connection.ts';
import { AwsError, type ServiceHandler } from '../endpoint/service.ts';
import type { Instance } from '../functions/function-pool.ts';
import type { InvokeCause, InvokeResult } from '../functions/invoker.ts';
import type { InFlight } from '../in-flight.ts';
import { functionNameIn } from '../stack/arns.ts';
import type { Stack } from '../stack/model.ts';
import type { Fault, FaultOf, FaultPlan } from './fault.ts';
import { FaultPlanError, nameOf, parseFaultPlan } from './fault-plan.ts';
import { FaultyInstance } from './faulty-instance.ts';
import { FunctionCalls } from './function-calls.ts';
import { operationOf } from './operation.ts';
import { Overtaking } from './overtaking.ts';
import { type FaultStrikes, Series } from './series.ts';
import { searchRefusal, shuffledRecords } from './shapes.ts';
import { type FaultService, type Refusal, SERVICES } from './services.ts';
import { meansFunction } from './site.ts';
import { type Call, type OuterKind, type StruckParts, withFaults } from './struck.ts';

export interface FaultsParts {
  /** What a fault file holds. */
  readonly plan: FaultPlan;
  readonly clock: Clock;
  readonly inFlight: InFlight;
  readonly stack: Pick<Stack, 'mappings'> & {
    readonly functions: readonly { readonly name: string }[];
  };
  /**
   * Ends the process and all that belongs to it, as kill -9 does; a test notes it. Absent where nothing is kept: a plan
   * with such a fault is refused then.
   */
  readonly kill?: (() => void) | undefined;
}

/** Causes of an invocation that may be overtaken by others: what AWS delivers at least once and in no order. */
const DELIVERIES: ReadonlySet<string> = new Set(['mapping', 'rule', 'destination']);

/**
 * Injects the faults of a plan: around the handlers of services, around the runs of functions and inside their threads,
 * and around what rules hand to their targets. What no fault means is left as it is.
 */
export class Faults {
  readonly #seed: number;
  readonly #series: readonly Series[];
  readonly #parts: StruckParts;
  /** Mappings by id. */
  readonly #sources: ReadonlyMap<string, string>;
  readonly #calls = new FunctionCalls();
  readonly #countsCalls: boolean;
  readonly #runs: readonly Series<FaultOf<OuterKind>>[];
  readonly #threads: readonly Series<FaultOf<'crash' | 'timeout'>>[];

  /**
   * @throws FaultPlanError for a plan that can't be used: unknown members and values, functions that are not in the
   * stack, `kill` where nothing is kept.
   */
  constructor({ plan, clock, inFlight, stack, kill }: FaultsParts) {
    const { seed, faults } = parseFaultPlan(plan);
    const problems = faults.flatMap((fault) => problemsOf(fault, stack.functions, kill !== undefined));
    if (problems.length > 0) throw new FaultPlanError('The fault plan', problems);
    this.#seed = seed;
    this.#series = faults.map((fault) => new Series(fault, seed, clock));
    this.#parts = { clock, inFlight, overtaking: new Overtaking(clock), kill: kill ?? (() => undefined) };
    this.#sources = new Map(stack.mappings.map(({ id, sourceArn }) => [id, sourceArn]));
    this.#countsCalls = faults.some(countsCalls);
    const ofFunctions = this.#of('lambda');
    this.#threads = ofFunctions.filter(isInThread);
    this.#runs = ofFunctions.filter(isOuter).filter(({ fault }) => fault.kind !== 'timeout');
  }

  /** The same handlers with their faults around them; to be given to the endpoint in their place. */
  handlers<Handlers extends Readonly<Record<string, ServiceHandler>>>(handlers: Handlers): Handlers {
    const wrapped = Object.entries(handlers).map(([service, handler]) => [
      service,
      this.handler(service, handler),
    ]);
    return { ...handlers, ...Object.fromEntries(wrapped) };
  }

  /**
   * A service's handler with the faults of the service around it. Lambda's own is not struck: faults of `lambda` strike
   * the runs of functions, whoever asks for them.
   */
  handler(service: string, handler: ServiceHandler): ServiceHandler {
    const series = isFaultService(service) && service !== 'lambda' ? this.#of(service).filter(isOuter) : [];
    const struck: ServiceHandler =
      series.length === 0 || !isFaultService(service)
        ? handler
        : (request) =>
            withFaults(
              {
                site: {
                  service,
                  operation: operationOf(request),
                  functionName: request.caller.kind === 'function' ? request.caller.name : undefined,
                  mayRepeat: true,
                },
                run: () => handler(request),
                refuse: service === 'es' ? (refusal) => searchRefusal(refusal, request.url) : refuse,
                lost: (message) => new BrokenConnection(message),
                mayFollow: false,
              },
              series,
              this.#parts,
            );
    if (!this.#countsCalls) return struck;
    return async (request) => {
      try {
        return await struck(request);
      } finally {
        await this.#calls.carriedOut(request);
      }
    };
  }

  /** Runs a function with the faults of its runs around it. */
  invoke(
    reference: string,
    payload: string,
    cause: InvokeCause,
    run: (payload: string) => Promise<InvokeResult>,
  ): Promise<InvokeResult> {
    if (this.#runs.length === 0) return run(payload);
    const functionName = functionNameIn(reference);
    const isDelivery = DELIVERIES.has(cause.kind);
    const source = this.#sources.get(cause.name);
    const isQueue = source !== undefined && isStandardQueue(source);
    const call: Call<InvokeResult> = {
      site: {
        service: 'lambda',
        operation: 'Invoke',
        functionName,
        mayRepeat: cause.kind !== 'api',
        ...(isDelivery && { lane: functionName }),
      },
      run: () => run(payload),
      ...(isQueue && { runShuffled: (strike) => run(shuffledRecords(payload, strike)) }),
      refuse: refuseInvocation,
      lost: (message) =>
        cause.kind === 'call'
          ? new BrokenConnection(message)
          : new AwsError('SdkClientException', message, 500),
      mayFollow: isDelivery && (source === undefined || isQueue),
    };
    return withFaults(call, this.#runs, this.#parts);
  }

  /** An instance of a function with the faults that happen inside it. */
  instance(instance: Instance, functionName: string): Instance {
    if (this.#threads.length === 0) return instance;
    const { clock } = this.#parts;
    return new FaultyInstance({
      instance,
      functionName,
      series: this.#threads,
      calls: this.#calls,
      clock,
    });
  }

  /** What an event bus hands to the targets of its rules through, with the faults of `targets` around it. */
  outlets<Outlets extends TargetOutlets>(outlets: Outlets): Outlets {
    const series = this.#of('targets').filter(isOuter);
    if (series.length === 0) return outlets;
    const hand = <T>(operation: string, arn: string, run: () => T | Promise<T>) => {
      const isFunction = operation === 'Invoke';
      const call: Call<T> = {
        site: {
          service: 'targets',
          operation,
          functionName: isFunction ? functionNameIn(arn) : undefined,
          mayRepeat: true,
          lane: arn,
        },
        run: async () => run(),
        refuse,
        lost: (message) => new AwsError('ConnectionFailure', message, 500),
        mayFollow: true,
      };
      return withFaults(call, series, this.#parts);
    };
    return {
      ...outlets,
      sendMessage: (arn, ...others) => hand('SendMessage', arn, () => outlets.sendMessage(arn, ...others)),
      publish: (arn, ...others) => hand('Publish', arn, () => outlets.publish(arn, ...others)),
      invokeAsync: (arn, ...others) => hand('Invoke', arn, () => outlets.invokeAsync(arn, ...others)),
      startExecution: (arn, ...others) =>
        hand('StartExecution', arn, () => outlets.startExecution(arn, ...others)),
    };
  }

  get seed(): number {
    return this.#seed;
  }

  /** How often each fault was considered, and how often it struck, in all and by where. */
  strikes(): FaultStrikes[] {
    return this.#series.map((series) => series.strikes());
  }

  #of(service: FaultService): Series[] {
    return this.#series.filter(({ fault }) => fault.service === service);
  }
}

function isFaultService(service: string): service is FaultService {
  return Object.hasOwn(SERVICES, service);
}

function isOuter(series: Series): series is Series<FaultOf<OuterKind>> {
  return series.fault.kind !== 'crash';
}

function isInThread(series: Series): series is Series<FaultOf<'crash' | 'timeout'>> {
  return series.fault.kind === 'crash' || series.fault.kind === 'timeout';
}

function countsCalls(fault: Fault): boolean {
  return fault.kind === 'crash' && typeof fault.at === 'object' && 'calls' in fault.at;
}

function isStandardQueue(arn: string): boolean {
  return arn.startsWith('arn:aws:sqs:') && !arn.endsWith('.fifo');
}

function refuse({ code, message, status }: Refusal): never {
  throw new AwsError(code, message, status);
}

/** As Lambda refuses an invocation: a throttle says which limit was met. */
function refuseInvocation({ code, message, status }: Refusal): never {
  const members = code === 'TooManyRequestsException' ? { Reason: 'ConcurrentInvocationLimitExceeded' } : {};
  throw new AwsError(code, message, status, members);
}

function problemsOf(fault: Fault, functions: FaultsParts['stack']['functions'], mayKill: boolean): string[] {
  const problems: string[] = [];
  const pattern = fault.function;
  if (pattern !== undefined && !functions.some(({ name }) => meansFunction(pattern, name))) {
    const names = functions.map(({ name }) => name).join(', ');
    problems.push(`${nameOf(fault)}: function "${pattern}" means none of the stack; allowed: ${names}.`);
  }
  if (fault.kind === 'kill' && !mayKill) {
    problems.push(
      `${nameOf(fault)}: kind "kill" is only for a cloud that keeps its state: start it with --state DIR.`,
    );
  }
  return problems;
}
