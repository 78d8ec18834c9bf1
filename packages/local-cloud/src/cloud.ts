import { apiUrl, HttpApis } from './api/http-apis.ts';
import { keptKeyPair, LocalIssuer } from './api/issuer.ts';
import { AsyncInvoker } from './bus/async-invoke.ts';
import { EventBus } from './bus/event-bus.ts';
import type { Outlets } from './bus/outlets.ts';
import { serviceOf } from './bus/outlets.ts';
import { externalCache, LocalCache } from './cache/local-cache.ts';
import { clockPath } from './clock-path.ts';
import { MovableClock, type Clock } from './clock.ts';
import { callerIdentity } from './endpoint/caller-identity.ts';
import { Endpoint } from './endpoint/endpoint.ts';
import type { FaultPlan } from './faults/fault.ts';
import { Faults } from './faults/faults.ts';
import { faultsPath } from './faults/faults-path.ts';
import { freePort } from './free-port.ts';
import type { LocalHandler } from './endpoint/local-paths.ts';
import type { Caller, ServiceHandler } from './endpoint/service.ts';
import { FunctionHost, type FunctionLog } from './functions/host.ts';
import { lambdaService } from './functions/lambda-service.ts';
import { InFlight } from './in-flight.ts';
import { Journal } from './journal/journal.ts';
import type { State } from './journal/state.ts';
import { longestRetention } from './journal/trim-rules.ts';
import { Trimmer } from './journal/trimmer.ts';
import { localPaths } from './local-paths.ts';
import { MailService } from './mail/mail-service.ts';
import { withTextMessages } from './mail/text-messages.ts';
import type { DeliverFailure } from './mappings/failure-message.ts';
import { Mappings } from './mappings/mappings.ts';
import { Queues } from './queues/queues.ts';
import type { FunctionConfig, Stack } from './stack/model.ts';
import { countApis, readStack } from './stack/read.ts';
import type { HostAndPort } from './stack/resource-type.ts';
import { openStateFolder, type StateFolder } from './state/state-folder.ts';
import { Tables } from './tables/tables.ts';
import { Workflows } from './workflows/workflows.ts';

/** The account that a stack without one belongs to here. */
const ACCOUNT_ID = '000000000000';

export interface LocalCloudOptions {
  /** The synthesized Terraform JSON: `cdktf.out/stacks/<stack>/cdk.tf.json`. */
  readonly stackFile: string;
  /** Port of the AWS endpoint; 0, the default, takes a free one. */
  readonly port?: number;
  /** Port of the first HTTP API; each further one stands on the next. 0, the default, takes free ones in a row. */
  readonly apiPort?: number;
  /**
   * Folder in which everything is kept, so that the next start goes on where this one ended, however it did; without one
   * all ends with the process.
   */
  readonly stateDirectory?: string;
  /** Whether to empty the state folder first. */
  readonly fresh?: boolean;
  /** Faults to inject. */
  readonly faults?: FaultPlan;
  /** A cache that runs already, instead of one of our own; default: the environment's CACHE_URL. */
  readonly cacheUrl?: string;
  /** Hears everything that a function logs. */
  readonly onLog?: (log: FunctionLog) => void;
  /** Hears of what should not happen, and where: a handler's bug. */
  readonly onError?: (error: unknown, where: string) => void;
  /**
   * Hears, in one line with the remedy, that the table engine of a ready cloud has ended: the cloud is not ready any more
   * and never will be. All that is left is to stop it.
   */
  readonly onEnd?: (error: Error) => void;
}

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

interface Running {
  readonly stack: Stack;
  readonly folder: StateFolder | undefined;
  readonly clock: MovableClock;
  readonly journal: Journal;
  readonly inFlight: InFlight;
  readonly endpoint: Endpoint;
  readonly tables: Tables;
  readonly queues: Queues;
  readonly functions: FunctionHost;
  readonly mappings: Mappings;
  readonly workflows: Workflows;
  readonly bus: EventBus;
  readonly asyncInvoker: AsyncInvoker;
  readonly mail: MailService;
  readonly apis: HttpApis;
  readonly cache: LocalCache | undefined;
  readonly faults: Faults | undefined;
  readonly endpointUrl: string;
  readonly trimmer: Trimmer;
}

/**
 * The endpoint, listening before anything stands behind it: queue URLs, outputs and the functions' environments name its
 * address. Until the cloud is ready, every call is refused.
 */
interface Door {
  readonly endpoint: Endpoint;
  readonly handlers: Record<string, ServiceHandler>;
  readonly callers: Map<string, Caller>;
  readonly local: Record<string, LocalHandler>;
  readonly endpointUrl: string;
  readonly apiPort: number;
  /** Of a cache that runs already. */
  readonly cacheUrl: string | undefined;
  readonly cacheAddress: HostAndPort;
  ready: boolean;
  /** Why the cloud can't be ready any more. */
  ended: Error | undefined;
}

async function openDoor(options: LocalCloudOptions): Promise<Door> {
  const handlers = {};
  const callers = new Map<string, Caller>();
  const local = {};
  const { onError, cacheUrl = process.env['CACHE_URL'] } = options;
  const givenCache = cacheUrl ? externalCache(cacheUrl) : undefined;
  const endpoint = new Endpoint({ handlers, callers, local, ...(onError === undefined ? {} : { onError }) });
  const port = await endpoint.listen(options.port ?? 0);
  const apis = countApis(options.stackFile);
  const firstPort = await freePort(apis + 1);
  return {
    endpoint,
    handlers,
    callers,
    local,
    endpointUrl: `http://127.0.0.1:${port}`,
    apiPort: options.apiPort || firstPort,
    cacheUrl,
    cacheAddress: givenCache ?? { host: '127.0.0.1', port: firstPort + apis },
    ready: false,
    ended: undefined,
  };
}

function readStackFor({ endpointUrl, apiPort, cacheAddress }: Door, { stackFile }: LocalCloudOptions): Stack {
  return readStack(stackFile, {
    accountId: ACCOUNT_ID,
    queueUrl: (name) => `${endpointUrl}/${ACCOUNT_ID}/${name}`,
    apiUrl: (_id, place) => apiUrl(apiPort, place),
    searchEndpoint: () => new URL(endpointUrl).host,
    cacheAddress: () => cacheAddress,
  });
}

/** Puts the parts together; nothing runs yet. */
function build(
  options: LocalCloudOptions,
  door: Door,
  stack: Stack,
  folder: StateFolder | undefined,
): Running {
  const { endpoint, endpointUrl } = door;
  const { region, accountId } = stack;
  const inFlight = new InFlight();
  const journal = new Journal(folder?.journal ?? '');
  const clock = keptClock(journal);
  const shared = { clock, inFlight, journal };
  const faults =
    options.faults && new Faults({ plan: options.faults, clock, inFlight, stack, ...(folder && { kill }) });

  const tables = new Tables({
    tables: stack.tables,
    region,
    ...shared,
    ...(folder && { dbPath: folder.tables }),
    onEngineExit: endOf(door, options),
  });
  const queues = new Queues({
    ...stack,
    ...shared,
    state: journal,
    ...(folder && { objectsDirectory: folder.objects }),
    endpointUrl: () => endpointUrl,
  });
  const functions: FunctionHost = new FunctionHost({
    functions: stack.functions,
    environment: (lambda) => functionEnvironment(lambda, region, endpointUrl),
    ...shared,
    ...(faults && { faults }),
    ...(options.onLog === undefined ? {} : { onLog: options.onLog }),
  });
  const workflows = new Workflows({
    stateMachines: stack.stateMachines,
    invoker: functions,
    region,
    accountId,
    ...shared,
  });
  const outlets: Outlets = {
    sendMessage: (arn, body, attributes) => queues.sendMessage(arn, body, attributes),
    publish: (arn, message) => queues.publish(arn, message),
    putObject: (arn, key, body, type) => queues.putObject(arn, key, body, type),
    invokeAsync: (name, payload, cause) => asyncInvoker.invokeAsync(name, payload, cause),
    startExecution: (arn, name, input, trace) => workflows.startExecution(arn, name, input, trace),
  };
  const bus: EventBus = new EventBus({ ...stack, outlets: faults?.outlets(outlets) ?? outlets, ...shared });
  const asyncInvoker = new AsyncInvoker({
    functions: stack.functions,
    invoker: functions,
    outlets,
    putEvent: (arn, content) => bus.putEvent(arn, content),
    ...shared,
  });
  const mappings = new Mappings({
    mappings: stack.mappings,
    streams: (arn) => (isStream(arn) ? tables.stream(arn) : undefined),
    queues: (arn) => (isStream(arn) ? undefined : queues.source(arn)),
    invoker: functions,
    deliverFailure: deliverTo(outlets),
    state: journal,
    ...shared,
  });
  const mail = new MailService({
    ...stack,
    putEvent: (content) => bus.putEvent('default', content),
    ...shared,
  });
  const apis = new HttpApis({
    apis: stack.apis,
    firstPort: door.apiPort,
    invoker: functions,
    issuer: new LocalIssuer(clock, keptKeyPair(journal)),
    region,
    accountId,
    ...shared,
  });
  const { onError } = options;
  const cache =
    stack.cache && new LocalCache({ port: stack.cache.port, cacheUrl: door.cacheUrl, clock, onError });
  const handlers = {
    dynamodb: tables.handler,
    dynamodbstreams: tables.streamsHandler,
    sqs: queues.sqs,
    sns: withTextMessages(queues.sns, shared),
    s3: queues.s3,
    events: bus.handler,
    states: workflows.handler,
    ses: mail.handler,
    lambda: lambdaService({ functions, asyncInvoker, mappings, stack, clock }),
    sts: callerIdentity(accountId),
  };
  Object.assign(door.handlers, faults?.handlers(handlers) ?? handlers);
  for (const { name, roleArn } of stack.functions)
    door.callers.set(name, { kind: 'function', name, roleArn });
  const ready = () => door.ready;
  Object.assign(
    door.local,
    localPaths({
      ...{ stack, journal, inFlight, endpointUrl, apis, cache, ready, startedAt: Date.now() },
      ...{ functions, tables, queues },
    }),
    { clock: clockPath(clock), faults: faultsPath(faults) },
  );
  return {
    stack,
    folder,
    endpoint,
    tables,
    queues,
    functions,
    mappings,
    workflows,
    bus,
    asyncInvoker,
    mail,
    apis,
    cache,
    faults,
    endpointUrl,
    trimmer: new Trimmer({ ...shared, eventsKeptMs: longestRetention(stack.archives) }),
    ...shared,
  };
}

async function startAll(parts: Running, door: Door): Promise<void> {
  await parts.apis.listen();
  parts.queues.start();
  await Promise.all([
    parts.tables.start(),
    parts.functions.start(),
    parts.cache?.start(),
    startSearch(parts, door),
  ]);
  if (door.ended) throw door.ended;
  parts.asyncInvoker.resume();
  parts.bus.start();
  parts.mail.resume();
  parts.workflows.resume();
  parts.mappings.start();
  door.ready = true;
}

function openFolder(
  { stateDirectory, fresh = false }: LocalCloudOptions,
  stack: Stack,
): StateFolder | undefined {
  if (stateDirectory === undefined) return undefined;
  return openStateFolder({ directory: stateDirectory, stack: stack.name, fresh });
}

/** Ends this process as kill -9 does; what belongs to it ends with it. */
function kill(): void {
  process.kill(process.pid, 'SIGKILL');
}

/** The cloud's clock: as far ahead of the system's time as it was when it was stopped. */
function keptClock(state: State): MovableClock {
  const [[, offset] = []] = state.entries('clock');
  return new MovableClock(typeof offset === 'number' ? offset : 0, (moved) =>
    state.put('clock', 'offset', moved),
  );
}

/** Search is loaded where a stack has it, and only there. */
async function startSearch({ stack, clock, journal, faults }: Running, door: Door): Promise<void> {
  if (stack.search === undefined) return;
  const { SearchService } = await import('./search/search-service.ts');
  const { handler } = new SearchService(clock, journal);
  door.handlers['es'] = faults?.handler('es', handler) ?? handler;
}

/**
 * Ends the parts from the outside in, so that nothing new arrives while the rest ends. One that can't be ended keeps
 * none of the others.
 */
async function stopAll(parts: Running): Promise<void> {
  const steps = [
    () => parts.apis.close(),
    () => parts.mappings.stop(),
    () => parts.bus.stop(),
    () => parts.asyncInvoker.stop(),
    () => parts.workflows.stop(),
    () => parts.functions.stop(),
    () => parts.cache?.stop(),
    () => parts.queues.stop(),
    () => parts.tables.stop(),
    () => parts.endpoint.close(),
    () => parts.clock.stop(),
    () => parts.trimmer.stop(),
    () => parts.journal.close(),
    () => parts.folder?.release(),
  ];
  const errors: unknown[] = [];
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length === 0) return;
  const reasons = errors.map((error) => (error instanceof Error ? error.message : String(error)));
  throw new AggregateError(errors, `The local cloud did not end cleanly: ${reasons.join('; ')}`);
}

/** What Lambda sets beside a function's own environment; the key names the function to the endpoint. */
function functionEnvironment(
  lambda: FunctionConfig,
  region: string,
  endpointUrl: string,
): Record<string, string> {
  return {
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ENDPOINT_URL: endpointUrl,
    AWS_ACCESS_KEY_ID: lambda.name,
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
  };
}

/** Hands a mapping's failure message to its destination: a queue, a topic or a bucket. */
function deliverTo(outlets: Outlets): DeliverFailure {
  return async (arn, { body, object }) => {
    if (serviceOf(arn) === 'sqs') await outlets.sendMessage(arn, body);
    else if (serviceOf(arn) === 'sns') await outlets.publish(arn, body);
    else await outlets.putObject(arn, object.key, object.body, 'application/json');
  };
}

/** Whether an event source is a table's stream; else it is a queue. */
function isStream(arn: string): boolean {
  return serviceOf(arn) === 'dynamodb';
}

/** What happens when the table engine ends: a cloud that is still starting fails to, one that is ready says so. */
function endOf(door: Door, { onEnd }: LocalCloudOptions): (error: Error) => void {
  return (error) => {
    const wasReady = door.ready;
    door.ended = error;
    door.ready = false;
    if (wasReady) onEnd?.(error);
  };
}
