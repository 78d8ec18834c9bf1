import { identityService } from '../accounts/identity-service.ts';
import { withMadeBuckets } from '../accounts/made-buckets.ts';
import { Alarms } from '../alarms/alarms.ts';
import { alarmsPath } from '../alarms/alarms-path.ts';
import { HttpApis } from '../api/http-apis.ts';
import { keptKeyPair, LocalIssuer } from '../api/issuer.ts';
import { AsyncInvoker } from '../bus/async-invoke.ts';
import { EventBus } from '../bus/event-bus.ts';
import { type Outlets, serviceOf } from '../bus/outlets.ts';
import { LocalCache } from '../cache/local-cache.ts';
import { clockPath } from '../clock-path.ts';
import { MovableClock } from '../clock.ts';
import { callerIdentity } from '../endpoint/caller-identity.ts';
import type { Endpoint } from '../endpoint/endpoint.ts';
import { faultsPath } from '../faults/faults-path.ts';
import { Faults } from '../faults/faults.ts';
import { FunctionHost } from '../functions/host.ts';
import { lambdaService } from '../functions/lambda-service.ts';
import { refusalsPath } from '../iam/refusals-path.ts';
import { Iam } from '../iam/iam.ts';
import { ActingServices } from '../iam/services.ts';
import { InFlight } from '../in-flight.ts';
import { Journal } from '../journal/journal.ts';
import type { State } from '../journal/state.ts';
import { longestRetention } from '../journal/trim-rules.ts';
import { Trimmer } from '../journal/trimmer.ts';
import { localPaths } from '../local-paths.ts';
import { MailService } from '../mail/mail-service.ts';
import { withTextMessages } from '../mail/text-messages.ts';
import { TopicMails } from '../mail/topic-mails.ts';
import type { DeliverFailure } from '../mappings/failure-message.ts';
import { Mappings } from '../mappings/mappings.ts';
import { meteredApi, meteredOutlets, meteredQueue } from '../meter/inner-calls.ts';
import { countLog } from '../meter/logs.ts';
import { Meter } from '../meter/meter.ts';
import { meterPath } from '../meter/meter-path.ts';
import { metered } from '../meter/services.ts';
import { countTransition } from '../meter/transitions.ts';
import { Queues } from '../queues/queues.ts';
import type { FunctionConfig, Stack } from '../stack/model.ts';
import { openStateFolder, type StateFolder } from '../state/state-folder.ts';
import { Tables } from '../tables/tables.ts';
import { Workflows } from '../workflows/workflows.ts';
import { type Door, endOf } from './door.ts';
import type { LocalCloudOptions } from './options.ts';

/** The parts of a cloud. */
export interface Running {
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
  readonly alarms: Alarms;
  readonly apis: HttpApis;
  readonly cache: LocalCache | undefined;
  readonly faults: Faults | undefined;
  readonly iam: Iam | undefined;
  readonly endpointUrl: string;
  readonly trimmer: Trimmer;
}

/** Puts the parts together; nothing runs yet. */
export function build(
  options: LocalCloudOptions,
  door: Door,
  stack: Stack,
  folder: StateFolder | undefined,
): Running {
  const { endpoint, endpointUrl } = door;
  const { region, accountId } = stack;
  const inFlight = new InFlight();
  const end = endOf(door, options);
  const journal = new Journal(folder?.journal ?? '', end);
  const clock = keptClock(journal);
  const shared = { clock, inFlight, journal };
  const meter = new Meter(() => clock.now());
  const faults =
    options.faults && new Faults({ plan: options.faults, clock, inFlight, stack, ...(folder && { kill }) });

  const iam = options.iam === 'off' ? undefined : new Iam({ stack, clock, journal });
  const services = iam && new ActingServices(iam, stack);
  services?.checkDuties();

  const tables = new Tables({
    tables: stack.tables,
    region,
    ...shared,
    ...(folder && { dbPath: folder.tables }),
    onEngineExit: end,
  });
  const topicMails = new TopicMails(stack.mailSubscriptions, shared);
  const alarms = new Alarms({
    ...stack,
    clock,
    state: journal,
    depthOf: (arn) => queues.depth(arn),
    tell: (alarm, topicArn, { subject, message, mail: text }) => {
      if (services?.mayTell(alarm, topicArn) === false) return;
      topicMails.send({ topicArn, subject, text, from: 'CloudWatch' });
      queues.publish(topicArn, message, subject).catch((error: unknown) => {
        options.onError?.(error, `alarm ${alarm.name}`);
      });
    },
  });
  const { recorder } = alarms;
  const queues: Queues = new Queues({
    ...stack,
    ...shared,
    state: journal,
    watcherOf: (name) => alarms.watcherOf(name),
    ...(folder && { objectsDirectory: folder.objects }),
    mayNotify: services && ((source, queue) => services.mayNotify(source, queue)),
    endpointUrl: () => endpointUrl,
  });
  const functions: FunctionHost = new FunctionHost({
    functions: stack.functions,
    environment: (lambda) => functionEnvironment(lambda, region, endpointUrl),
    ...shared,
    meter,
    ...(faults && { faults }),
    onRun: (name, end) => recorder.ran(name, end),
    onLog: (log) => {
      countLog(meter, log.functionName, log.text, (metric) => recorder.logged(metric));
      options.onLog?.(log);
    },
  });
  const workflows = new Workflows({
    stateMachines: stack.stateMachines,
    invoker: functions,
    region,
    accountId,
    authorize: services && ((machine, reference) => services.requireTask(machine, reference)),
    onEvent: (machine, type) => {
      countTransition(meter, machine, type);
      recorder.executionEvent(machine.arn, type);
    },
    ...shared,
  });
  const outlets: Outlets = meteredOutlets(meter, {
    sendMessage: (arn, body, attributes) => queues.sendMessage(arn, body, attributes),
    publish: (topicArn, text) => {
      topicMails.send({ topicArn, subject: undefined, text, from: 'rules and destinations' });
      return queues.publish(topicArn, text);
    },
    putObject: (arn, key, body, type) => queues.putObject(arn, key, body, type),
    invokeAsync: (name, payload, cause) => asyncInvoker.invokeAsync(name, payload, cause),
    startExecution: (arn, name, input, trace) => workflows.startExecution(arn, name, input, trace),
  });
  const bus: EventBus = new EventBus({
    ...stack,
    outlets: faults?.outlets(outlets) ?? outlets,
    authorize: services && ((rule, target) => services.requireTarget(rule, target)),
    ...shared,
  });
  const asyncInvoker = new AsyncInvoker({
    functions: stack.functions,
    invoker: functions,
    outlets,
    putEvent: (arn, content) => bus.putEvent(arn, content),
    authorize: services && ((name, arn, key) => services.requireDestination(name, arn, key)),
    ...shared,
  });
  const mappings = new Mappings({
    mappings: stack.mappings,
    streams: (arn) => (isStream(arn) ? tables.stream(arn) : undefined),
    queues: (arn) => (isStream(arn) ? undefined : meteredQueue(meter, queues.source(arn))),
    invoker: functions,
    deliverFailure: deliverTo(outlets, services),
    problemOf: services && ((mapping) => services.mappingProblem(mapping)),
    onBatch: (name, ageMs) => recorder.readStream(name, ageMs),
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
    invoker: meteredApi(meter, functions),
    issuer: new LocalIssuer(clock, keptKeyPair(journal)),
    authorize: services && ((api, route, name) => services.requireRoute(api, route, name)),
    onAnswer: (api, status) => recorder.answered(api, status),
    region,
    accountId,
    ...shared,
  });
  const { onError } = options;
  const cache =
    stack.cache && new LocalCache({ port: stack.cache.port, cacheUrl: door.cacheUrl, clock, onError });
  const handlers = metered(meter, {
    dynamodb: tables.handler,
    dynamodbstreams: tables.streamsHandler,
    sqs: queues.sqs,
    sns: withTextMessages(topicMails.around(queues.sns), shared),
    s3: withMadeBuckets(queues.s3, stack),
    events: bus.handler,
    states: workflows.handler,
    ses: mail.handler,
    lambda: lambdaService({ functions, asyncInvoker, mappings, stack, clock }),
    sts: callerIdentity(accountId),
    iam: identityService(accountId),
  });
  const struck = faults?.handlers(handlers) ?? handlers;
  Object.assign(door.handlers, iam?.handlers(struck) ?? struck);
  for (const { name, roleArn } of stack.functions)
    door.callers.set(name, { kind: 'function', name, roleArn });
  const ready = () => door.ready;
  Object.assign(
    door.local,
    localPaths({
      ...{ stack, journal, inFlight, endpointUrl, apis, cache, ready, startedAt: Date.now() },
      ...{ functions, tables, queues },
    }),
    {
      clock: clockPath(clock, functions),
      faults: faultsPath(faults),
      refusals: refusalsPath(journal, iam),
      meter: meterPath(meter),
      alarms: alarmsPath(alarms),
    },
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
    alarms,
    apis,
    cache,
    faults,
    iam,
    endpointUrl,
    trimmer: new Trimmer({ ...shared, eventsKeptMs: longestRetention(stack.archives) }),
    ...shared,
  };
}

/** The folder in which everything is kept; undefined where nothing is. @throws StateError */
export function openFolder(
  { stateDirectory, fresh = false }: LocalCloudOptions,
  stack: Stack,
): StateFolder | undefined {
  if (stateDirectory === undefined) return undefined;
  return openStateFolder({ directory: stateDirectory, stack: stack.name, fresh });
}

/** The cloud's clock: as far ahead of the system's time as it was when it was stopped. */
function keptClock(state: State): MovableClock {
  const [[, offset] = []] = state.entries('clock');
  return new MovableClock(typeof offset === 'number' ? offset : 0, (moved) =>
    state.put('clock', 'offset', moved),
  );
}

/** Ends this process as kill -9 does; what belongs to it ends with it. */
function kill(): void {
  process.kill(process.pid, 'SIGKILL');
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
function deliverTo(outlets: Outlets, services: ActingServices | undefined): DeliverFailure {
  return async (arn, { body, object }, functionName) => {
    services?.requireDestination(functionName, arn, object.key);
    if (serviceOf(arn) === 'sqs') await outlets.sendMessage(arn, body);
    else if (serviceOf(arn) === 'sns') await outlets.publish(arn, body);
    else await outlets.putObject(arn, object.key, object.body, 'application/json');
  };
}

/** Whether an event source is a table's stream; else it is a queue. */
function isStream(arn: string): boolean {
  return serviceOf(arn) === 'dynamodb';
}
