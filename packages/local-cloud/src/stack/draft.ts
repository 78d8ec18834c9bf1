import type {
  Archive,
  Bucket,
  Bus,
  CacheGroup,
  FunctionConfig,
  JwtAuthorizer,
  MailConfigurationSet,
  MailIdentity,
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

/** How a function treats events that it gets asynchronously. */
export type AsyncSettings = Loose<
  { readonly functionName: string } & Pick<
    FunctionConfig,
    'onFailureDestination' | 'onSuccessDestination' | 'maximumRetryAttempts' | 'maximumEventAgeSeconds'
  >
>;

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
  readonly asyncSettings: AsyncSettings[];
  /** Names of functions that something outside the model refers to (aliases, permissions). */
  readonly functionReferences: Loose<{ readonly functionName: string }>[];
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
  readonly buckets: Bucket[];
  readonly notifications: Loose<{ readonly bucketName: string } & Pick<Bucket, 'notifications'>>[];
  readonly apis: { readonly id: string; readonly name: string }[];
  readonly stages: Loose<{ readonly apiId: string }>[];
  readonly integrations: Loose<{ readonly id: string; readonly functionName: string }>[];
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
