import {
  NOBODY,
  originsIn,
  settingsSchema,
  unknownSettings,
  type CARRIERS,
  type DELIVERIES,
  type ENVIRONMENTS,
  type LOG_LEVELS,
  type PAYMENT_GATEWAYS,
  type PRESETS,
} from './settings.ts';

/** What may be set about a deployment, parsed; everything else is the stack's own decision. */
export interface Config {
  readonly environment: (typeof ENVIRONMENTS)[number];
  /** What the other settings are unless they are given. */
  readonly preset: (typeof PRESETS)[number];
  /** Begins every physical name: `orderstream-dev`. */
  readonly prefix: string;
  readonly region: string;
  /** Who vouches for customers. Without one the customer routes ask for IAM signatures. */
  readonly tokens: { readonly issuer: string; readonly audience: string } | undefined;
  /** The one currency of the deployment. */
  readonly currency: string;
  /** How events reach their consumers; the consumers see the same either way. */
  readonly delivery: (typeof DELIVERIES)[number];
  /** Whether there is a product search: an OpenSearch domain costs money while it is idle. */
  readonly search: boolean;
  /** Whether there is a cache: a Valkey node costs money while it is idle. */
  readonly cache: boolean;
  /** Sender of the mail to customers: `name` and `address`. */
  readonly shop: { readonly name: string; readonly mailFrom: string };
  /** Days that the bus keeps its events, so that they can be replayed. */
  readonly eventRetentionDays: number;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  readonly logRetentionDays: number;
  readonly paymentGateway: (typeof PAYMENT_GATEWAYS)[number];
  readonly carrier: (typeof CARRIERS)[number];
  readonly alarms: {
    /** Who gets a mail of every alarm; nobody where it is not set, or `none`. */
    readonly mailTo: string | undefined;
    /** US dollars that a month may cost before the budget's alarm rings. */
    readonly monthlyBudget: number;
    /** Begins the address of every runbook; a path in the repository where none is set. */
    readonly runbooks: string;
  };
  /** Bucket of Terraform's state; the environment `local` keeps it in a file. */
  readonly stateBucket: string | undefined;
  /** Managed policy that bounds every role of the stack; a deploy role of the bootstrap makes no role without it. */
  readonly permissionsBoundary: string | undefined;
  /** Name of a table of orders that is there already, with its stream and its indexes; without one the stack makes it. */
  readonly ordersTable: string | undefined;
  /** The pages that may call the customers' API from a browser: `https://shop.example.com`. */
  readonly corsOrigins: readonly string[];
}

/** A setting has a value that the stack cannot have; the message names each and what is allowed. */
export class ConfigInvalid extends Error {
  constructor(problems: readonly string[]) {
    super(`The configuration of the stack is not valid:\n${problems.map((one) => `  ${one}`).join('\n')}`);
    this.name = 'ConfigInvalid';
  }
}

/** Where the local cloud issues tokens, at its documented port. */
const LOCAL_ISSUER = 'http://127.0.0.1:4400/_local/issuer';
const LOCAL_MAIL_FROM = 'shop@orderstream.example';
const EVENT_RETENTION_DAYS = 30;
/** US dollars a month: what is idle costs some 40 in the preset standard, and nothing in the other (docs/cost.md). */
const BUDGETS = { standard: 100, 'free-tier': 1 } as const;

/**
 * Reads the configuration from environment variables; an empty one counts as not set.
 *
 * @throws ConfigInvalid naming every wrong setting with its value and what is allowed, and every one that there is not.
 */
export function readConfig(variables: Readonly<Record<string, string | undefined>>): Config {
  const set = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  // Without its value, which may be a secret of somebody else's.
  const unknown = unknownSettings(Object.keys(set)).map(
    (name) => `${name} is no setting. The settings are ${Object.keys(settingsSchema.shape).join(', ')}.`,
  );
  const parsed = settingsSchema.safeParse(set);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(({ path, message }) => {
      const field = path.join('.');
      return `${field} is ${JSON.stringify(set[field]) ?? 'not set'}; allowed: ${message}.`;
    });
    throw new ConfigInvalid([...unknown, ...wrong]);
  }
  if (unknown.length > 0) throw new ConfigInvalid(unknown);
  const settings = parsed.data;
  const environment = settings.ORDERSTREAM_ENV;
  const isFree = settings.ORDERSTREAM_PRESET === 'free-tier';
  const costly = isFree ? 'off' : 'on';
  const alarmMail = settings.ORDERSTREAM_ALARM_MAIL;
  const issuer = settings.ORDERSTREAM_ISSUER ?? (environment === 'local' ? LOCAL_ISSUER : undefined);
  return {
    environment,
    preset: settings.ORDERSTREAM_PRESET,
    prefix: `orderstream-${environment}`,
    region: settings.ORDERSTREAM_REGION,
    tokens: issuer === undefined ? undefined : { issuer, audience: settings.ORDERSTREAM_AUDIENCE },
    currency: settings.ORDERSTREAM_CURRENCY,
    delivery: settings.ORDERSTREAM_DELIVERY ?? (isFree ? 'direct' : 'queued'),
    search: (settings.ORDERSTREAM_SEARCH ?? costly) === 'on',
    cache: (settings.ORDERSTREAM_CACHE ?? costly) === 'on',
    shop: {
      name: settings.ORDERSTREAM_SHOP_NAME,
      mailFrom: settings.ORDERSTREAM_MAIL_FROM ?? LOCAL_MAIL_FROM,
    },
    eventRetentionDays: EVENT_RETENTION_DAYS,
    logLevel: settings.ORDERSTREAM_LOG_LEVEL ?? (environment === 'local' ? 'WARN' : 'INFO'),
    logRetentionDays: Number(
      settings.ORDERSTREAM_LOG_RETENTION_DAYS ?? (environment === 'prod' ? '90' : '14'),
    ),
    paymentGateway: settings.ORDERSTREAM_PAYMENT_GATEWAY ?? 'sandbox',
    carrier: settings.ORDERSTREAM_CARRIER ?? 'sandbox',
    alarms: {
      mailTo: alarmMail === NOBODY ? undefined : alarmMail,
      monthlyBudget: Number(settings.ORDERSTREAM_MONTHLY_BUDGET ?? BUDGETS[settings.ORDERSTREAM_PRESET]),
      runbooks: settings.ORDERSTREAM_RUNBOOKS_URL ?? 'docs/operating',
    },
    stateBucket: settings.ORDERSTREAM_STATE_BUCKET,
    permissionsBoundary: settings.ORDERSTREAM_PERMISSIONS_BOUNDARY,
    ordersTable: settings.ORDERSTREAM_ORDERS_TABLE,
    corsOrigins: originsIn(settings.ORDERSTREAM_CORS_ORIGINS),
  };
}
