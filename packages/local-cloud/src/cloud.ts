import { HttpApiServer } from './api/http-api.ts';
import { LocalIssuer } from './api/issuer.ts';
import { AsyncInvoker } from './bus/async-invoke.ts';
import { EventBus } from './bus/event-bus.ts';
import type { Outlets } from './bus/outlets.ts';
import { serviceOf } from './bus/outlets.ts';
import { MovableClock, type Clock } from './clock.ts';
import { Endpoint } from './endpoint/endpoint.ts';
import type { Caller } from './endpoint/service.ts';
import { FunctionHost } from './functions/function-host.ts';
import { InFlight } from './in-flight.ts';
import { Journal } from './journal/journal.ts';
import { localPaths } from './local-paths.ts';
import type { DeliverFailure } from './mappings/failure-message.ts';
import { Mappings } from './mappings/mappings.ts';
import { Queues } from './queues/queues.ts';
import type { FunctionConfig, Stack } from './stack/model.ts';
import { readStack } from './stack/read.ts';
import { Tables } from './tables/tables.ts';
import { Workflows } from './workflows/workflows.ts';

export interface LocalCloudOptions {
  /** The synthesized Terraform JSON: `cdktf.out/stacks/<stack>/cdk.tf.json`. */
  readonly stackFile: string;
  /** Port of the AWS endpoint; 0, the default, takes a free one. */
  readonly port?: number;
  /** Port of the HTTP API; 0, the default, takes a free one. */
  readonly apiPort?: number;
  /** Hears every line that a function logs. */
  readonly onLog?: (line: string) => void;
  /** Hears of what should not happen: a handler's bug, an engine that died. */
  readonly onError?: (error: Error) => void;
}

/**
 * Runs a synthesized stack on this machine as AWS would: tables with their streams, functions in worker threads, event
 * source mappings, workflows, event bus, queues, buckets and the HTTP API, behind one AWS endpoint.
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
  /** Where the stack's HTTP API answers; undefined when it has none. */
  readonly apiUrl: string | undefined;
  readonly mappings: Mappings;
  /** From the call of {@link start} until everything answered. */
  readonly readyAfterMs: number;
  readonly #parts: Running;

  private constructor(parts: Running, readyAfterMs: number) {
    this.#parts = parts;
    this.stack = parts.stack;
    this.clock = parts.clock;
    this.journal = parts.journal;
    this.inFlight = parts.inFlight;
    this.endpointUrl = parts.endpointUrl();
    this.apiUrl = parts.apiUrl();
    this.mappings = parts.mappings;
    this.readyAfterMs = readyAfterMs;
  }

  /**
   * Reads the stack and starts all of it. What it needs is there when this resolves.
   * @throws Error in one line, with the remedy: a port in use, a missing engine, a broken bundle, a resource or an
   * argument that is not run here.
   */
  static async start(options: LocalCloudOptions): Promise<LocalCloud> {
    const startedAt = performance.now();
    const parts = build(options);
    try {
      await startAll(parts, options);
    } catch (error) {
      await stopAll(parts);
      throw error;
    }
    return new LocalCloud(parts, performance.now() - startedAt);
  }

  /** Resolves when nothing is in flight: no change undelivered, no execution running, no event on its way. */
  settled(): Promise<void> {
    return this.inFlight.settled();
  }

  /** A token of the stack's issuer for this subject, as an API's authorizer takes it. */
  token(subject: string, groups: readonly string[] = []): Promise<string> {
    return this.#parts.token(subject, groups);
  }

  /** Ends everything that was started. Safe to call twice. */
  stop(): Promise<void> {
    return stopAll(this.#parts);
  }
}

interface Running {
  readonly stack: Stack;
  readonly clock: MovableClock;
  readonly journal: Journal;
  readonly inFlight: InFlight;
  readonly endpoint: Endpoint;
  readonly tables: Tables;
  readonly queues: Queues;
  readonly functions: FunctionHost;
  readonly mappings: Mappings;
  readonly workflows: Workflows;
  readonly api: HttpApiServer | undefined;
  readonly endpointUrl: () => string;
  readonly apiUrl: () => string | undefined;
  readonly token: (subject: string, groups: readonly string[]) => Promise<string>;
  readonly addresses: Addresses;
}

/** What is known only once the servers listen. */
interface Addresses {
  endpointPort: number;
  apiPort: number;
  ready: boolean;
}

/** Puts the parts together; nothing runs yet. */
function build(options: LocalCloudOptions): Running {
  const addresses: Addresses = { endpointPort: options.port ?? 0, apiPort: options.apiPort ?? 0, ready: false };
  const endpointUrl = () => `http://127.0.0.1:${addresses.endpointPort}`;
  const stack = readStack(options.stackFile, {
    queueUrl: (name) => `${endpointUrl()}/000000000000/${name}`,
    apiUrl: () => `http://127.0.0.1:${addresses.apiPort}`,
  });
  const { region, accountId } = stack;
  const clock = new MovableClock();
  const inFlight = new InFlight();
  const journal = new Journal('');
  const shared = { clock, inFlight, journal };

  const tables = new Tables({ tables: stack.tables, region, ...shared, ...onEngineExit(options) });
  const queues = new Queues({ ...stack, ...shared, endpointUrl });
  const functions: FunctionHost = new FunctionHost({
    functions: stack.functions,
    environment: (lambda) => functionEnvironment(lambda, region, endpointUrl()),
    invokeAsync: (name, payload, cause) => asyncInvoker.invokeAsync(name, payload, cause),
    ...shared,
    ...(options.onLog === undefined ? {} : { onLog: options.onLog }),
  });
  const workflows = new Workflows({ stateMachines: stack.stateMachines, invoker: functions, region, accountId, ...shared });
  const outlets: Outlets = {
    sendMessage: (arn, body, attributes) => queues.sendMessage(arn, body, attributes),
    publish: (arn, message) => queues.publish(arn, message),
    putObject: (arn, key, body, type) => queues.putObject(arn, key, body, type),
    invokeAsync: (name, payload, cause) => asyncInvoker.invokeAsync(name, payload, cause),
    startExecution: (arn, name, input, trace) => workflows.startExecution(arn, name, input, trace),
  };
  const bus: EventBus = new EventBus({ ...stack, outlets, ...shared });
  const asyncInvoker = new AsyncInvoker({
    functions: stack.functions,
    invoker: functions,
    outlets,
    putEvent: (arn, content) => bus.putEvent(arn, content),
    ...shared,
  });
  const mappings = new Mappings({
    mappings: stack.mappings,
    streams: (arn) => tables.findStream(arn),
    queues: (arn) => queues.findSource(arn),
    invoker: functions,
    deliverFailure: deliverTo(outlets),
    ...shared,
  });
  const issuer = new LocalIssuer();
  const [httpApi] = stack.apis;
  const api = httpApi && new HttpApiServer({ api: httpApi, invoker: functions, issuer, region, accountId, ...shared });
  const [authorizer] = httpApi?.authorizers ?? [];
  const token = (subject: string, groups: readonly string[]) => {
    if (authorizer === undefined) throw new Error('The stack has no issuer: its routes need signed requests. Set ORDERSTREAM_ISSUER.');
    const [audience = ''] = authorizer.audience;
    return issuer.token({ issuer: authorizer.issuer, subject, groups, audience });
  };
  const apiUrl = () => (api === undefined ? undefined : `http://127.0.0.1:${addresses.apiPort}`);
  const endpoint = new Endpoint({
    handlers: {
      dynamodb: tables.handler,
      dynamodbstreams: tables.streamsHandler,
      sqs: queues.sqs,
      sns: queues.sns,
      s3: queues.s3,
      events: bus.handler,
      states: workflows.handler,
      lambda: functions.handler,
    },
    callers: callersOf(stack),
    local: localPaths({
      stack,
      journal,
      inFlight,
      endpointUrl,
      apiUrl,
      token,
      ready: () => addresses.ready,
      startedAt: Date.now(),
    }),
    ...(options.onError === undefined ? {} : { onError: options.onError }),
  });
  return {
    stack,
    endpoint,
    tables,
    queues,
    functions,
    mappings,
    workflows,
    api,
    endpointUrl,
    apiUrl,
    token,
    addresses,
    ...shared,
  };
}

async function startAll(parts: Running, options: LocalCloudOptions): Promise<void> {
  const { addresses } = parts;
  addresses.endpointPort = await parts.endpoint.listen(options.port ?? 0);
  if (parts.api !== undefined) addresses.apiPort = await parts.api.listen(options.apiPort ?? 0);
  parts.queues.start();
  await Promise.all([parts.tables.start(), parts.functions.start()]);
  parts.mappings.start();
  addresses.ready = true;
}

/** Ends the parts from the outside in, so that nothing new arrives while the rest ends. */
async function stopAll(parts: Running): Promise<void> {
  parts.addresses.ready = false;
  await parts.api?.close();
  parts.mappings.stop();
  parts.workflows.stop();
  await parts.functions.stop();
  await parts.queues.stop();
  await parts.tables.stop();
  await parts.endpoint.close();
  parts.clock.stop();
  parts.journal.close();
}

/** What Lambda sets beside a function's own environment; the key names the function to the endpoint. */
function functionEnvironment(lambda: FunctionConfig, region: string, endpointUrl: string): Record<string, string> {
  return {
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ENDPOINT_URL: endpointUrl,
    AWS_ACCESS_KEY_ID: lambda.name,
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
  };
}

function callersOf(stack: Stack): Map<string, Caller> {
  return new Map(
    stack.functions.map((lambda) => [lambda.name, { kind: 'function', name: lambda.name, roleArn: lambda.roleArn }]),
  );
}

/** Hands a mapping's failure message to its destination: a queue, a topic or a bucket. */
function deliverTo(outlets: Outlets): DeliverFailure {
  return async (arn, { body, object }) => {
    if (serviceOf(arn) === 'sqs') await outlets.sendMessage(arn, body);
    else if (serviceOf(arn) === 'sns') await outlets.publish(arn, body);
    else await outlets.putObject(arn, object.key, object.body, 'application/json');
  };
}

function onEngineExit({ onError }: LocalCloudOptions): { onEngineExit?: (error: Error) => void } {
  return onError === undefined ? {} : { onEngineExit: onError };
}
