import type { StreamViewType } from '../tables/change.ts';

/**
 * What a synthesized stack amounts to once its references are resolved: the one picture of the stack that every part
 * of the local cloud is built from. Names follow AWS's APIs, not Terraform's blocks.
 */
export interface Stack {
  readonly name: string;
  readonly region: string;
  readonly accountId: string;
  /** Folder of the synthesized JSON; asset paths are relative to it. */
  readonly directory: string;
  readonly tables: readonly Table[];
  readonly functions: readonly FunctionConfig[];
  readonly mappings: readonly Mapping[];
  readonly stateMachines: readonly StateMachine[];
  readonly buses: readonly Bus[];
  readonly archives: readonly Archive[];
  /** Rules with an event pattern. */
  readonly rules: readonly Rule[];
  /** Rules with a schedule; one that has both stands in both lists. */
  readonly schedules: readonly Schedule[];
  readonly queues: readonly Queue[];
  readonly topics: readonly Topic[];
  readonly subscriptions: readonly Subscription[];
  readonly mailSubscriptions: readonly MailSubscription[];
  readonly alarms: readonly Alarm[];
  readonly budgets: readonly Budget[];
  readonly buckets: readonly Bucket[];
  readonly apis: readonly HttpApi[];
  readonly roles: readonly Role[];
  readonly resourcePolicies: readonly ResourcePolicy[];
  readonly vpcEndpoints: readonly VpcEndpoint[];
  readonly search: SearchDomain | undefined;
  readonly cache: CacheGroup | undefined;
  readonly mailIdentities: readonly MailIdentity[];
  readonly mailConfigurationSets: readonly MailConfigurationSet[];
  /** Terraform outputs, resolved. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Resources that are accepted and do nothing here, as `type.name`, with the reason. */
  readonly inert: readonly InertResource[];
}

export interface InertResource {
  /** `aws_cloudwatch_log_group.api`. */
  readonly address: string;
  /** Set when one argument is inert and the resource itself runs: `logging_config.log_format`. */
  readonly argument?: string;
  readonly reason: string;
}

export interface KeyAttribute {
  readonly name: string;
  readonly type: 'S' | 'N' | 'B';
}

export interface TableIndex {
  readonly name: string;
  readonly partitionKey: KeyAttribute;
  readonly sortKey?: KeyAttribute;
  readonly projection: 'ALL' | 'KEYS_ONLY' | 'INCLUDE';
  readonly nonKeyAttributes?: readonly string[];
}

export interface Table {
  readonly name: string;
  readonly arn: string;
  readonly partitionKey: KeyAttribute;
  readonly sortKey?: KeyAttribute;
  readonly globalIndexes: readonly TableIndex[];
  readonly stream?: { readonly arn: string; readonly viewType: StreamViewType };
  readonly ttlAttribute?: string;
}

/** A name for a version of a function, by which it is called. */
export interface FunctionAlias {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
}

/** How a function treats events that it gets asynchronously. */
export interface AsyncSettings {
  /** ARN of a queue, topic, bus, function or bucket for asynchronous invocations that failed for good. */
  readonly onFailureDestination?: string | undefined;
  /** ARN of a queue, topic, bus or function for asynchronous invocations that went well. */
  readonly onSuccessDestination?: string | undefined;
  readonly maximumRetryAttempts?: number | undefined;
  readonly maximumEventAgeSeconds?: number | undefined;
}

/** A function; its own asynchronous settings are for calls without a qualifier. */
export interface FunctionConfig extends AsyncSettings {
  readonly name: string;
  readonly arn: string;
  /** The version that is published; there is only `$LATEST` without one. */
  readonly version?: string;
  readonly aliases?: readonly FunctionAlias[];
  /** Asynchronous settings of calls by an alias or a version, by that qualifier. */
  readonly qualifiedSettings?: Readonly<Record<string, AsyncSettings>>;
  readonly roleArn: string;
  /** `index.handler`: file without ending, then the export. */
  readonly handler: string;
  /** Absolute path of the deployment package (a zip). */
  readonly package: string;
  readonly runtime: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly reservedConcurrency?: number;
  readonly logGroup: string;
  /** The network that it is in. */
  readonly vpcId?: string;
  /** Set where X-Ray is told of its runs. */
  readonly isTraced?: true;
  /** ARN of the queue or topic of `dead_letter_config`. */
  readonly deadLetterArn?: string;
}

export interface Mapping {
  /** The resource's name in the stack, a stable id. */
  readonly id: string;
  readonly functionName: string;
  /** The alias or version that it calls. */
  readonly qualifier?: string;
  /** ARN of a table's stream or of a queue. */
  readonly sourceArn: string;
  readonly enabled: boolean;
  readonly batchSize: number;
  readonly batchWindowSeconds: number;
  readonly parallelizationFactor: number;
  readonly startingPosition?: 'TRIM_HORIZON' | 'LATEST';
  /** Filter patterns as JSON text, ORed; none means every record. */
  readonly filters: readonly string[];
  readonly bisectOnError: boolean;
  readonly reportBatchItemFailures: boolean;
  /** −1: without limit. */
  readonly maximumRetryAttempts: number;
  /** −1: without limit. */
  readonly maximumRecordAgeSeconds: number;
  readonly tumblingWindowSeconds: number;
  /** ARN of a queue, topic or bucket. */
  readonly onFailureDestination?: string;
}

export interface StateMachine {
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  readonly type: 'STANDARD' | 'EXPRESS';
  /** Amazon States Language, JSON text with ARNs resolved. */
  readonly definition: string;
  /** Set where its executions are logged. */
  readonly isLogged?: true;
  /** Set where X-Ray is told of its executions. */
  readonly isTraced?: true;
}

export interface Bus {
  readonly name: string;
  readonly arn: string;
}

/** Keeps the events of a bus, so that they can be replayed. */
export interface Archive {
  readonly name: string;
  readonly arn: string;
  readonly busName: string;
  readonly busArn: string;
  /** JSON text; without one every event is kept. */
  readonly pattern?: string;
  /** 0: without end. */
  readonly retentionDays: number;
}

export interface RuleTarget {
  readonly id: string;
  readonly arn: string;
  readonly deadLetterArn?: string;
  readonly maximumRetryAttempts: number;
  readonly maximumEventAgeSeconds: number;
  /** Role the bus calls the target with. */
  readonly roleArn?: string;
  /** JSON text handed over instead of the event. Of `input`, `inputPath` and `inputTransformer` at most one is set. */
  readonly input?: string;
  /** JSONPath of the part of the event that is handed over. */
  readonly inputPath?: string;
  readonly inputTransformer?: { readonly paths: Readonly<Record<string, string>>; readonly template: string };
}

export interface Rule {
  readonly name: string;
  readonly arn: string;
  readonly busName: string;
  readonly enabled: boolean;
  /** JSON text. */
  readonly pattern: string;
  readonly targets: readonly RuleTarget[];
}

export interface Schedule {
  readonly name: string;
  readonly arn: string;
  readonly busName: string;
  readonly enabled: boolean;
  /** `rate(5 minutes)` or `cron(…)`, in UTC. */
  readonly expression: string;
  readonly targets: readonly RuleTarget[];
}

export interface Queue {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  /** SQS attributes as strings: VisibilityTimeout, MessageRetentionPeriod, RedrivePolicy … */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface Topic {
  readonly name: string;
  readonly arn: string;
}

/** A queue that gets what is published to a topic. */
export interface Subscription {
  readonly arn: string;
  readonly topicArn: string;
  readonly queueArn: string;
  /** The message itself is delivered, without SNS's envelope. */
  readonly raw: boolean;
}

/** A person who gets what is published to a topic, by mail. */
export interface MailSubscription {
  readonly arn: string;
  readonly topicArn: string;
  readonly recipient: string;
}

/** A metric: told apart by all of this. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

export type Statistic = 'Sum' | 'Average' | 'Minimum' | 'Maximum' | 'SampleCount';

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

export interface AlarmMetric {
  /** What an expression calls it. */
  readonly id: string;
  readonly metric: Metric;
  readonly statistic: Statistic;
}

/** What a month may cost. It watches nothing here, and says whom it would tell. */
export interface Budget {
  readonly name: string;
  readonly arn: string;
  readonly topicArns: readonly string[];
}

/** An alarm on a metric, or on an expression over several. */
export interface Alarm {
  readonly name: string;
  readonly arn: string;
  readonly description: string;
  /** Topics that are told when it enters a state. */
  readonly actions: Readonly<Record<AlarmState, readonly string[]>>;
  readonly comparison:
    | 'GreaterThanThreshold'
    | 'GreaterThanOrEqualToThreshold'
    | 'LessThanThreshold'
    | 'LessThanOrEqualToThreshold';
  readonly threshold: number;
  /** Whole minutes. */
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly missingData: 'missing' | 'ignore' | 'breaching' | 'notBreaching';
  readonly metrics: readonly AlarmMetric[];
  /** Over the metrics by their ids; without one there is one metric, and it is watched. */
  readonly expression?: { readonly id: string; readonly label: string; readonly text: string };
}

export interface Bucket {
  readonly name: string;
  readonly arn: string;
  /** Where `s3:ObjectCreated:*` notifications go. */
  readonly notifications: readonly {
    readonly queueArn: string;
    readonly events: readonly string[];
    readonly prefix: string;
  }[];
}

export interface JwtAuthorizer {
  readonly id: string;
  readonly issuer: string;
  readonly audience: readonly string[];
}

export interface Route {
  /** `POST /orders/{orderId}/cancel`, or `$default`. */
  readonly key: string;
  readonly functionName: string;
  /** The alias or version that it calls. */
  readonly qualifier?: string;
  readonly authorization: 'NONE' | 'JWT' | 'AWS_IAM';
  readonly authorizerId?: string;
  readonly scopes: readonly string[];
}

/** What pages of other origins may do with an API. */
export interface Cors {
  readonly origins: readonly string[];
  readonly methods: readonly string[];
  readonly headers: readonly string[];
  /** Headers of an answer that the page may read. */
  readonly exposed: readonly string[];
  /** Seconds for which a browser need not ask again. */
  readonly maxAge?: number | undefined;
}

export interface HttpApi {
  readonly id: string;
  readonly name: string;
  readonly routes: readonly Route[];
  readonly authorizers: readonly JwtAuthorizer[];
  readonly cors?: Cors | undefined;
}

export interface Role {
  readonly name: string;
  readonly arn: string;
  /** Policy documents (JSON text) of the role, inline and attached. */
  readonly policies: readonly string[];
  readonly trust: string;
}

/** A policy that belongs to a resource, or a permission of a function in that form. */
export interface ResourcePolicy {
  /** The resource in the stack that it stands in, for people. */
  readonly address: string;
  readonly resourceArn: string;
  /** JSON text. */
  readonly document: string;
}

/** How calls of a service leave a VPC. */
export interface VpcEndpoint {
  readonly address: string;
  readonly vpcId: string;
  /** `dynamodb`. */
  readonly service: string;
  /** JSON text; everything may pass without one. */
  readonly policy?: string;
}

/** An OpenSearch domain; it answers at the endpoint of the local cloud. */
export interface SearchDomain {
  readonly name: string;
  readonly arn: string;
}

/** A cache that speaks Redis's protocol, and where it is reached. */
export interface CacheGroup {
  readonly id: string;
  readonly host: string;
  readonly port: number;
}

/** An address, or a domain, that mail may be sent from. What stands in the stack counts as verified. */
export interface MailIdentity {
  readonly name: string;
  readonly arn: string;
  /** Taken for mail that names no configuration set of its own. */
  readonly configurationSet?: string;
}

export interface MailConfigurationSet {
  readonly name: string;
  readonly arn: string;
  /** What is told to the account's default bus: BOUNCE, COMPLAINT … */
  readonly eventTypes: readonly string[];
}
