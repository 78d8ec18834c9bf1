import type {
  Alarm,
  Archive,
  AsyncSettings,
  Bucket,
  Budget,
  Bus,
  CacheGroup,
  FunctionAlias,
  FunctionConfig,
  HttpApi,
  JwtAuthorizer,
  MailConfigurationSet,
  MailIdentity,
  MailSubscription,
  Mapping,
  Queue,
  ResourcePolicy,
  Role,
  RuleTarget,
  SearchDomain,
  StateMachine,
  Subscription,
  Table,
  Topic,
  VpcEndpoint,
} from './model.ts';

/** A part of the stack that still has to find what it belongs to; `address` is for the error when it does not. */
type Loose<Part> = Part & { readonly address: string };

/** What is named of a function: itself, or an alias or version of it. */
export interface NamedFunction {
  readonly functionName: string;
  readonly qualifier?: string | undefined;
}

export interface DraftRule {
  readonly name: string;
  readonly arn: string;
  readonly busName: string;
  readonly enabled: boolean;
  readonly pattern: string | undefined;
  readonly scheduleExpression: string | undefined;
}

export interface DraftRoute {
  readonly apiId: string;
  readonly key: string;
  /** `integrations/<id>`. */
  readonly target: string;
  readonly authorization: 'NONE' | 'JWT' | 'AWS_IAM';
  readonly authorizerId: string | undefined;
  readonly scopes: readonly string[];
}

/** What the resources of a stack amount to one by one, before they are put together. */
export interface Draft {
  readonly tables: Table[];
  readonly functions: FunctionConfig[];
  readonly aliases: Loose<{ readonly functionName: string; readonly alias: FunctionAlias }>[];
  readonly asyncSettings: Loose<NamedFunction & { readonly settings: AsyncSettings }>[];
  /** Functions that something outside the model refers to (permissions). */
  readonly functionReferences: Loose<NamedFunction>[];
  readonly mappings: Loose<Mapping>[];
  readonly stateMachines: StateMachine[];
  readonly buses: Bus[];
  readonly archives: Loose<Archive>[];
  readonly rules: Loose<DraftRule>[];
  readonly targets: Loose<{
    readonly ruleName: string;
    readonly busName: string;
    readonly target: RuleTarget;
  }>[];
  readonly queues: Queue[];
  /** An attribute of a queue that is a resource of its own (`Policy`). */
  readonly queueAttributes: Loose<{
    readonly queueUrl: string;
    readonly name: string;
    readonly value: string;
  }>[];
  readonly topics: Topic[];
  readonly subscriptions: Loose<Subscription>[];
  readonly mailSubscriptions: Loose<MailSubscription>[];
  readonly alarms: Loose<Alarm>[];
  readonly budgets: Loose<Budget>[];
  readonly buckets: Bucket[];
  readonly notifications: Loose<{ readonly bucketName: string } & Pick<Bucket, 'notifications'>>[];
  readonly apis: Pick<HttpApi, 'id' | 'name' | 'cors'>[];
  readonly stages: Loose<{ readonly apiId: string }>[];
  readonly integrations: Loose<NamedFunction & { readonly id: string }>[];
  readonly authorizers: Loose<JwtAuthorizer & { readonly apiId: string }>[];
  readonly routes: Loose<DraftRoute>[];
  readonly roles: Role[];
  readonly policies: { readonly arn: string; readonly document: string }[];
  readonly inlinePolicies: Loose<{ readonly roleName: string; readonly document: string }>[];
  readonly attachments: Loose<{ readonly roleName: string; readonly policyArn: string }>[];
  readonly resourcePolicies: ResourcePolicy[];
  readonly subnets: { readonly id: string; readonly vpcId: string }[];
  /** Functions that are in a subnet. */
  readonly placements: { readonly functionName: string; readonly subnetId: string }[];
  readonly vpcEndpoints: VpcEndpoint[];
  readonly searchDomains: SearchDomain[];
  readonly caches: CacheGroup[];
  readonly mailIdentities: Loose<MailIdentity>[];
  readonly mailConfigurationSets: Omit<MailConfigurationSet, 'eventTypes'>[];
  readonly mailEventDestinations: Loose<{
    readonly configurationSet: string;
    readonly enabled: boolean;
    readonly eventTypes: readonly string[];
  }>[];
}

export function emptyDraft(): Draft {
  return {
    tables: [],
    functions: [],
    aliases: [],
    asyncSettings: [],
    functionReferences: [],
    mappings: [],
    stateMachines: [],
    buses: [],
    archives: [],
    rules: [],
    targets: [],
    queues: [],
    queueAttributes: [],
    topics: [],
    subscriptions: [],
    mailSubscriptions: [],
    alarms: [],
    budgets: [],
    buckets: [],
    notifications: [],
    apis: [],
    stages: [],
    integrations: [],
    authorizers: [],
    routes: [],
    roles: [],
    policies: [],
    inlinePolicies: [],
    attachments: [],
    resourcePolicies: [],
    subnets: [],
    placements: [],
    vpcEndpoints: [],
    searchDomains: [],
    caches: [],
    mailIdentities: [],
    mailConfigurationSets: [],
    mailEventDestinations: [],
  };
}
