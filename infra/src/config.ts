import * as z from 'zod';

export const ENVIRONMENTS = ['local', 'dev', 'prod'] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

/** What may be set about a deployment, parsed; everything else is the stack's own decision. */
export interface Config {
  readonly environment: Environment;
  /** Begins every physical name: `orderstream-dev`. */
  readonly prefix: string;
  readonly region: string;
  /** Who vouches for customers. Without one the customer routes ask for IAM signatures. */
  readonly tokens: { readonly issuer: string; readonly audience: string } | undefined;
  /** The one currency of the deployment. */
  readonly currency: string;
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

const LOG_LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR'] as const;
const PAYMENT_GATEWAYS = ['sandbox'] as const;
const CARRIERS = ['sandbox'] as const;
/** The retentions that CloudWatch Logs knows (PutRetentionPolicy), in days. */
const RETENTIONS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];
/** Where the local cloud issues tokens, at its documented port. */
const LOCAL_ISSUER = 'http://127.0.0.1:4400/_local/issuer';

/** Each schema's message is the list of allowed values, so that a refusal can name them. */
const settingsSchema = z
  .object({
    ORDERSTREAM_ENV: oneOf(ENVIRONMENTS).default('local'),
    ORDERSTREAM_REGION: z
      .string()
      .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a region such as eu-west-1')
      .default('eu-west-1'),
    ORDERSTREAM_ISSUER: z
      .string()
      .regex(/^https?:\/\/[^\s"$]+$/, 'the address of a token issuer, https://…')
      .optional(),
    ORDERSTREAM_AUDIENCE: z
      .string()
      .regex(/^[^\s"$]{1,200}$/, 'an audience without spaces, such as orderstream')
      .default('orderstream'),
    ORDERSTREAM_CURRENCY: z
      .string()
      .regex(/^[A-Z]{3}$/, 'a currency code such as GBP')
      .default('GBP'),
    ORDERSTREAM_LOG_LEVEL: oneOf(LOG_LEVELS).optional(),
    ORDERSTREAM_LOG_RETENTION_DAYS: oneOf(RETENTIONS.map(String)).optional(),
    ORDERSTREAM_PAYMENT_GATEWAY: oneOf(PAYMENT_GATEWAYS).optional(),
    ORDERSTREAM_CARRIER: oneOf(CARRIERS).optional(),
  })
  .superRefine((settings, context) => {
    const refuse = (field: keyof typeof settings, allowed: string) =>
      context.addIssue({ code: 'custom', path: [field], message: allowed });
    if (settings.ORDERSTREAM_ENV !== 'local' && settings.ORDERSTREAM_ISSUER?.startsWith('http:')) {
      refuse('ORDERSTREAM_ISSUER', `the address of a token issuer, https://… in ${settings.ORDERSTREAM_ENV}`);
    }
    if (settings.ORDERSTREAM_ENV === 'prod') {
      // Sandboxes take no money and send no goods: whoever wants them in prod says so.
      if (settings.ORDERSTREAM_PAYMENT_GATEWAY === undefined) {
        refuse('ORDERSTREAM_PAYMENT_GATEWAY', `${PAYMENT_GATEWAYS.join(', ')} (to be chosen in prod)`);
      }
      if (settings.ORDERSTREAM_CARRIER === undefined) {
        refuse('ORDERSTREAM_CARRIER', `${CARRIERS.join(', ')} (to be chosen in prod)`);
      }
    }
  });

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
  const issuer = settings.ORDERSTREAM_ISSUER ?? (environment === 'local' ? LOCAL_ISSUER : undefined);
  return {
    environment,
    prefix: `orderstream-${environment}`,
    region: settings.ORDERSTREAM_REGION,
    tokens: issuer === undefined ? undefined : { issuer, audience: settings.ORDERSTREAM_AUDIENCE },
    currency: settings.ORDERSTREAM_CURRENCY,
    logLevel: settings.ORDERSTREAM_LOG_LEVEL ?? (environment === 'local' ? 'WARN' : 'INFO'),
    logRetentionDays: Number(
      settings.ORDERSTREAM_LOG_RETENTION_DAYS ?? (environment === 'prod' ? '90' : '14'),
    ),
    paymentGateway: settings.ORDERSTREAM_PAYMENT_GATEWAY ?? 'sandbox',
    carrier: settings.ORDERSTREAM_CARRIER ?? 'sandbox',
  };
}

function oneOf<const Value extends string>(values: readonly Value[]) {
  return z.enum(values, { error: values.join(', ') });
}
