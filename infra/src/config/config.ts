import {
  settingsSchema,
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

/**
 * Reads the configuration from environment variables; an empty one counts as not set.
 *
 * @throws ConfigInvalid naming every wrong setting with its value and what is allowed.
 */
export function readConfig(variables: Readonly<Record<string, string | undefined>>): Config {
  const set = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const parsed = settingsSchema.safeParse(set);
  if (!parsed.success) {
    throw new ConfigInvalid(
      parsed.error.issues.map(({ path, message }) => {
        const field = path.join('.');
        return `${field} is ${JSON.stringify(set[field]) ?? 'not set'}; allowed: ${message}.`;
      }),
    );
  }
  const settings = parsed.data;
  const environment = settings.ORDERSTREAM_ENV;
  const isFree = settings.ORDERSTREAM_PRESET === 'free-tier';
  const costly = isFree ? 'off' : 'on';
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
  };
}
