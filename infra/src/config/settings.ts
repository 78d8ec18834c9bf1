import { isStripeCurrency } from '@orderstream/domain';
import * as z from 'zod';

export const ENVIRONMENTS = ['local', 'dev', 'prod'] as const;
/** `free-tier` leaves out what costs money while nobody uses it. */
export const PRESETS = ['standard', 'free-tier'] as const;
/** `queued`: rule → queue → function. `direct`: rule → function, without a queue that is polled while it is idle. */
export const DELIVERIES = ['queued', 'direct'] as const;
export const LOG_LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR'] as const;
/** `sandbox` decides by test token; `stripe` takes money. */
export const PAYMENT_GATEWAYS = ['sandbox', 'stripe'] as const;
export const CARRIERS = ['sandbox'] as const;
const SWITCH = ['on', 'off'] as const;
/** The retentions that CloudWatch Logs knows (PutRetentionPolicy), in days. */
const RETENTIONS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** Of the partition `aws`: those of others have other ARNs than the stack writes. */
export const REGION = /^(?!cn-|us-gov-|us-iso|eu-isoe-|eusc-)[a-z]{2}(-[a-z]+)+-\d$/;
export const REGION_ALLOWED = 'a region of the partition aws, such as eu-west-1';

/** A plain address: nothing in it can end a header, a quoted name or a template. */
const MAIL_ADDRESS = /^(?=.{6,254}$)[A-Za-z0-9._%+-]{1,64}@([A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}$/;
/** Printable, without what could end a quoted name, a tag or a template; a space at neither end. */
const SHOP_NAME = /^(?=.{1,60}$)[^\p{C}\s"\\<>{}$]([^\p{C}"\\<>{}$]*[^\p{C}\s"\\<>{}$])?$/u;
/** The names that S3 takes for buckets: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const BUCKET_NAME = /^(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
/** As browsers send it: scheme, host, perhaps a port, and nothing behind. */
const ORIGIN = /^https?:\/\/[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?$/;
const ORIGINS = 'origins by commas, such as https://shop.example.com,https://www.example.com';

/** Alarms are mailed to nobody, and somebody said so: they hear of them from the topic by other means. */
export const NOBODY = 'none';

/** What is in the AWS account of a deployment. */
const NOTHING_LOCAL = [
  'ORDERSTREAM_STATE_BUCKET',
  'ORDERSTREAM_PERMISSIONS_BOUNDARY',
  'ORDERSTREAM_ORDERS_TABLE',
] as const;

/** Variables that the command line and the workflows read; they are no settings of the stack. */
const OTHERS = ['ORDERSTREAM_TOKEN', 'ORDERSTREAM_SMOKE_TOKEN'];

/** Names that look like settings, but are none: a misspelt one would leave the deployment as it is without it. */
export function unknownSettings(names: readonly string[]): string[] {
  const known = [...Object.keys(settingsSchema.shape), ...OTHERS];
  return names.filter((name) => name.startsWith('ORDERSTREAM_') && !known.includes(name));
}

/** Each schema's message is the list of allowed values, so that a refusal can name them. */
export const settingsSchema = z
  .object({
    ORDERSTREAM_ENV: oneOf(ENVIRONMENTS).default('local'),
    ORDERSTREAM_PRESET: oneOf(PRESETS).default('standard'),
    ORDERSTREAM_DELIVERY: oneOf(DELIVERIES).optional(),
    ORDERSTREAM_SEARCH: oneOf(SWITCH).optional(),
    ORDERSTREAM_CACHE: oneOf(SWITCH).optional(),
    ORDERSTREAM_REGION: z.string().regex(REGION, REGION_ALLOWED).default('eu-west-1'),
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
    ORDERSTREAM_MAIL_FROM: z
      .string()
      .regex(MAIL_ADDRESS, 'a mail address such as shop@example.com')
      .optional(),
    ORDERSTREAM_SHOP_NAME: z
      .string()
      .regex(SHOP_NAME, '1 to 60 printable characters without " \\ < > { } $')
      .default('Orderstream'),
    ORDERSTREAM_LOG_LEVEL: oneOf(LOG_LEVELS).optional(),
    ORDERSTREAM_LOG_RETENTION_DAYS: oneOf(RETENTIONS.map(String)).optional(),
    ORDERSTREAM_PAYMENT_GATEWAY: oneOf(PAYMENT_GATEWAYS).optional(),
    ORDERSTREAM_CARRIER: oneOf(CARRIERS).optional(),
    ORDERSTREAM_ALARM_MAIL: z
      .string()
      .refine((value) => value === NOBODY || MAIL_ADDRESS.test(value), {
        error: `a mail address such as shop@example.com, or ${NOBODY}`,
      })
      .refine(isReachable, { error: 'a mail address whose mail you receive: SNS asks it to confirm' })
      .optional(),
    ORDERSTREAM_MONTHLY_BUDGET: z
      .string()
      .regex(/^[1-9]\d{0,5}$/, 'whole US dollars a month, 1 to 999999')
      .optional(),
    ORDERSTREAM_RUNBOOKS_URL: z
      .string()
      .regex(
        /^https:\/\/[^\s"$]{1,300}[^\s"$/]$/,
        'where docs/operating is read, https://…, without a / at its end',
      )
      .optional(),
    ORDERSTREAM_STATE_BUCKET: z
      .string()
      .regex(BUCKET_NAME, 'the name of a bucket, as `npm run bootstrap` prints it')
      .optional(),
    ORDERSTREAM_PERMISSIONS_BOUNDARY: z
      .string()
      .regex(/^[\w+=,.@-]{1,128}$/, 'the name of a managed policy, as `npm run bootstrap` prints it')
      .optional(),
    ORDERSTREAM_ORDERS_TABLE: z
      .string()
      .regex(/^[A-Za-z0-9_.-]{3,255}$/, 'the name of a table: 3 to 255 letters, digits, _ . -')
      .optional(),
    ORDERSTREAM_CORS_ORIGINS: z
      .string()
      .refine((list) => originsIn(list).every((origin) => ORIGIN.test(origin)), { error: ORIGINS })
      .optional(),
  })
  .superRefine((settings, context) => {
    const environment = settings.ORDERSTREAM_ENV;
    const refuse = (field: keyof typeof settings, allowed: string) =>
      context.addIssue({ code: 'custom', path: [field], message: allowed });
    if (environment !== 'local' && settings.ORDERSTREAM_ISSUER?.startsWith('http:')) {
      refuse('ORDERSTREAM_ISSUER', `the address of a token issuer, https://… in ${environment}`);
    }
    // SES sends a mail to the address before it sends one from it, so only a real one will do.
    if (environment !== 'local' && !isReachable(settings.ORDERSTREAM_MAIL_FROM)) {
      refuse(
        'ORDERSTREAM_MAIL_FROM',
        `a mail address whose mail you receive, such as shop@example.com (SES asks it to confirm; to be chosen in ${environment})`,
      );
    }
    if (environment !== 'local' && originsIn(settings.ORDERSTREAM_CORS_ORIGINS).some(isPlain)) {
      refuse('ORDERSTREAM_CORS_ORIGINS', `${ORIGINS}; https alone in ${environment}`);
    }
    // Lambda takes a line without a level for INFO, and each of our own metrics is such a line.
    if (environment !== 'local' && /WARN|ERROR/.test(settings.ORDERSTREAM_LOG_LEVEL ?? '')) {
      refuse(
        'ORDERSTREAM_LOG_LEVEL',
        `DEBUG, INFO in ${environment}, where the others keep metrics from alarms`,
      );
    }
    if (environment !== 'local' && settings.ORDERSTREAM_STATE_BUCKET === undefined) {
      refuse(
        'ORDERSTREAM_STATE_BUCKET',
        `the name of the bucket for Terraform's state (\`npm run bootstrap\` makes it and prints its name)`,
      );
    }
    const boundary = settings.ORDERSTREAM_PERMISSIONS_BOUNDARY;
    if (
      environment !== 'local' &&
      ENVIRONMENTS.some((one) => one !== environment && boundary === boundaryName(one))
    ) {
      refuse('ORDERSTREAM_PERMISSIONS_BOUNDARY', `in ${environment} its own, ${boundaryName(environment)}`);
    }
    for (const field of NOTHING_LOCAL) {
      if (environment === 'local' && settings[field] !== undefined) {
        refuse(field, 'none in the environment local, which stands in no AWS account');
      }
    }
    if (settings.ORDERSTREAM_PAYMENT_GATEWAY === 'stripe') {
      if (environment === 'local') {
        refuse('ORDERSTREAM_PAYMENT_GATEWAY', 'sandbox in the environment local, which takes no money');
      }
      if (!isStripeCurrency(settings.ORDERSTREAM_CURRENCY)) {
        refuse('ORDERSTREAM_CURRENCY', 'a currency of which Stripe takes every amount, such as GBP');
      }
    }
    if (environment === 'prod') {
      // Sandboxes take no money and send no goods: whoever wants them in prod says so.
      if (settings.ORDERSTREAM_PAYMENT_GATEWAY === undefined) {
        refuse('ORDERSTREAM_PAYMENT_GATEWAY', `${PAYMENT_GATEWAYS.join(', ')} (to be chosen in prod)`);
      }
      if (settings.ORDERSTREAM_CARRIER === undefined) {
        refuse('ORDERSTREAM_CARRIER', `${CARRIERS.join(', ')} (to be chosen in prod)`);
      }
      if (settings.ORDERSTREAM_ALARM_MAIL === undefined) {
        refuse(
          'ORDERSTREAM_ALARM_MAIL',
          `a mail address, or ${NOBODY} where somebody subscribes to the alarms' topic by other means (to be chosen in prod)`,
        );
      }
    }
  });

/** Names the managed policy that the bootstrap makes for an environment: the most that its roles can do. */
export function boundaryName(environment: (typeof ENVIRONMENTS)[number]): string {
  return `orderstream-boundary-${environment}`;
}

/** Whether mail can arrive: top-level names that are reserved for examples and tests receive none (RFC 2606). */
function isReachable(address: string | undefined): boolean {
  return address !== undefined && !/\.(example|invalid|test|localhost)$/i.test(address);
}

/** The origins in a list by commas; spaces around them do not count. */
export function originsIn(list: string | undefined): string[] {
  return list === undefined ? [] : list.split(',').map((origin) => origin.trim());
}

function isPlain(origin: string): boolean {
  return origin.startsWith('http:');
}

function oneOf<const Value extends string>(values: readonly Value[]) {
  return z.enum(values, { error: values.join(', ') });
}
