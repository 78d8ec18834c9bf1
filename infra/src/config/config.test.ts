import { execSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigInvalid, readConfig } from './config.ts';
import { settingsSchema } from './settings.ts';

const DEV = {
  ORDERSTREAM_ENV: 'dev',
  ORDERSTREAM_MAIL_FROM: 'shop@example.com',
  ORDERSTREAM_STATE_BUCKET: 'orderstream-state-123456789012-eu-west-1',
};
const PROD = {
  ...DEV,
  ORDERSTREAM_ENV: 'prod',
  ORDERSTREAM_PAYMENT_GATEWAY: 'sandbox',
  ORDERSTREAM_CARRIER: 'sandbox',
  ORDERSTREAM_ALARM_MAIL: 'none',
};
const FREE_TIER = { ORDERSTREAM_PRESET: 'free-tier' };

describe('the configuration', () => {
  it('is that of the local cloud when nothing is set', () => {
    expect(readConfig({})).toEqual({
      environment: 'local',
      preset: 'standard',
      prefix: 'orderstream-local',
      region: 'eu-west-1',
      tokens: { issuer: 'http://127.0.0.1:4400/_local/issuer', audience: 'orderstream' },
      currency: 'GBP',
      delivery: 'queued',
      search: true,
      cache: true,
      shop: { name: 'Orderstream', mailFrom: 'shop@orderstream.example' },
      eventRetentionDays: 30,
      logLevel: 'WARN',
      logRetentionDays: 14,
      paymentGateway: 'sandbox',
      carrier: 'sandbox',
      alarms: { mailTo: undefined, monthlyBudget: 100, runbooks: 'docs/operating' },
      stateBucket: undefined,
      permissionsBoundary: undefined,
      ordersTable: undefined,
      corsOrigins: [],
    });
  });

  it('takes every setting', () => {
    const config = readConfig({
      ...PROD,
      ORDERSTREAM_REGION: 'us-east-2',
      ORDERSTREAM_ISSUER: 'https://login.example.com/',
      ORDERSTREAM_AUDIENCE: 'shop',
      ORDERSTREAM_CURRENCY: 'EUR',
      ORDERSTREAM_DELIVERY: 'direct',
      ORDERSTREAM_SEARCH: 'off',
      ORDERSTREAM_CACHE: 'off',
      ORDERSTREAM_SHOP_NAME: "Käthe & Sons' 100% Wool",
      ORDERSTREAM_LOG_LEVEL: 'DEBUG',
      ORDERSTREAM_LOG_RETENTION_DAYS: '365',
      ORDERSTREAM_ALARM_MAIL: 'oncall@example.com',
      ORDERSTREAM_MONTHLY_BUDGET: '2500',
      ORDERSTREAM_RUNBOOKS_URL: 'https://git.example.com/docs/operating',
      ORDERSTREAM_PERMISSIONS_BOUNDARY: 'orderstream-boundary-prod',
      ORDERSTREAM_ORDERS_TABLE: 'shop.Orders_1',
      ORDERSTREAM_CORS_ORIGINS: 'https://shop.example.com, https://localhost:3000',
    });

    expect(config).toMatchObject({
      prefix: 'orderstream-prod',
      region: 'us-east-2',
      tokens: { issuer: 'https://login.example.com/', audience: 'shop' },
      currency: 'EUR',
      delivery: 'direct',
      search: false,
      cache: false,
      shop: { name: "Käthe & Sons' 100% Wool", mailFrom: 'shop@example.com' },
      logLevel: 'DEBUG',
      logRetentionDays: 365,
      alarms: {
        mailTo: 'oncall@example.com',
        monthlyBudget: 2500,
        runbooks: 'https://git.example.com/docs/operating',
      },
      stateBucket: 'orderstream-state-123456789012-eu-west-1',
      permissionsBoundary: 'orderstream-boundary-prod',
      ordersTable: 'shop.Orders_1',
      corsOrigins: ['https://shop.example.com', 'https://localhost:3000'],
    });
  });

  it('has no token issuer outside the local cloud unless one is named', () => {
    expect(readConfig(DEV).tokens).toBeUndefined();
  });

  it('keeps the logs of prod for longer', () => {
    expect(readConfig(PROD).logRetentionDays).toBe(90);
  });

  it.each([
    ['in the local cloud', {}],
    ['in dev', DEV],
    ['in prod', PROD],
  ])('of the free tier has nothing that costs money while it is idle %s', (_where, variables) => {
    const { delivery, search, cache } = readConfig({ ...variables, ...FREE_TIER });

    expect({ delivery, search, cache }).toEqual({ delivery: 'direct', search: false, cache: false });
  });

  it('of the free tier gives way to what is said', () => {
    const config = readConfig({
      ...FREE_TIER,
      ORDERSTREAM_DELIVERY: 'queued',
      ORDERSTREAM_SEARCH: 'on',
      ORDERSTREAM_CACHE: 'on',
    });

    expect(config).toMatchObject({ preset: 'free-tier', delivery: 'queued', search: true, cache: true });
  });

  it('takes an empty variable for one that is not set', () => {
    expect(readConfig({ ORDERSTREAM_ENV: '', ORDERSTREAM_LOG_LEVEL: '' }).environment).toBe('local');
  });

  it.each([
    ['ORDERSTREAM_ENV', 'staging', 'local, dev, prod'],
    ['ORDERSTREAM_PRESET', 'cheap', 'standard, free-tier'],
    ['ORDERSTREAM_DELIVERY', 'pigeon', 'queued, direct'],
    ['ORDERSTREAM_SEARCH', 'true', 'on, off'],
    ['ORDERSTREAM_CACHE', 'yes', 'on, off'],
    ['ORDERSTREAM_MAIL_FROM', 'shop', 'a mail address such as shop@example.com'],
    ['ORDERSTREAM_MAIL_FROM', 'Shop <shop@example.com>', 'a mail address such as shop@example.com'],
    ['ORDERSTREAM_MAIL_FROM', 'a@example.com\nBcc: b@example.com', 'a mail address such as shop@example.com'],
    ['ORDERSTREAM_MAIL_FROM', `${'a'.repeat(65)}@example.com`, 'a mail address such as shop@example.com'],
    ['ORDERSTREAM_SHOP_NAME', 'My "Shop"', '1 to 60 printable characters without " \\ < > { } $'],
    ['ORDERSTREAM_SHOP_NAME', 'A\nB', '1 to 60 printable characters without " \\ < > { } $'],
    ['ORDERSTREAM_SHOP_NAME', ' ', '1 to 60 printable characters without " \\ < > { } $'],
    ['ORDERSTREAM_SHOP_NAME', '${aws_iam_role.x.arn}', '1 to 60 printable characters without " \\ < > { } $'],
    ['ORDERSTREAM_SHOP_NAME', 'x'.repeat(61), '1 to 60 printable characters without " \\ < > { } $'],
    ['ORDERSTREAM_REGION', 'Ireland', 'a region of the partition aws, such as eu-west-1'],
    ['ORDERSTREAM_REGION', 'cn-north-1', 'a region of the partition aws, such as eu-west-1'],
    ['ORDERSTREAM_REGION', 'us-gov-west-1', 'a region of the partition aws, such as eu-west-1'],
    ['ORDERSTREAM_REGION', 'eusc-de-east-1', 'a region of the partition aws, such as eu-west-1'],
    ['ORDERSTREAM_ISSUER', 'login.example.com', 'the address of a token issuer, https://…'],
    ['ORDERSTREAM_ISSUER', 'https://x/${file("/etc/passwd")}', 'the address of a token issuer, https://…'],
    ['ORDERSTREAM_AUDIENCE', 'two words', 'an audience without spaces'],
    ['ORDERSTREAM_CURRENCY', 'pounds', 'a currency code such as GBP'],
    ['ORDERSTREAM_LOG_LEVEL', 'LOUD', 'DEBUG, INFO, WARN, ERROR'],
    ['ORDERSTREAM_LOG_RETENTION_DAYS', '8', '1, 3, 5, 7, 14'],
    ['ORDERSTREAM_PAYMENT_GATEWAY', 'cash', 'sandbox'],
    ['ORDERSTREAM_CARRIER', 'pigeon', 'sandbox'],
    ['ORDERSTREAM_ALARM_MAIL', 'oncall', 'a mail address such as shop@example.com, or none'],
    ['ORDERSTREAM_ALARM_MAIL', 'oncall@shop.example', 'a mail address whose mail you receive'],
    ['ORDERSTREAM_MONTHLY_BUDGET', '0', 'whole US dollars a month, 1 to 999999'],
    ['ORDERSTREAM_MONTHLY_BUDGET', '1e3', 'whole US dollars a month, 1 to 999999'],
    ['ORDERSTREAM_RUNBOOKS_URL', 'http://x/docs', 'where docs/operating is read, https://…'],
    ['ORDERSTREAM_RUNBOOKS_URL', 'https://x/docs/', 'where docs/operating is read, https://…'],
    ['ORDERSTREAM_STATE_BUCKET', 'My_Bucket', 'the name of a bucket, as `npm run bootstrap` prints it'],
    ['ORDERSTREAM_STATE_BUCKET', 'a..b', 'the name of a bucket, as `npm run bootstrap` prints it'],
    ['ORDERSTREAM_PERMISSIONS_BOUNDARY', 'arn:aws:iam::1:policy/x', 'the name of a managed policy'],
    ['ORDERSTREAM_ORDERS_TABLE', 'my orders', 'the name of a table: 3 to 255 letters, digits, _ . -'],
    ['ORDERSTREAM_ORDERS_TABLE', 'o"', 'the name of a table: 3 to 255 letters, digits, _ . -'],
    ['ORDERSTREAM_CORS_ORIGINS', '*', 'origins by commas, such as https://shop.example.com'],
    [
      'ORDERSTREAM_CORS_ORIGINS',
      'https://*.example.com',
      'origins by commas, such as https://shop.example.com',
    ],
    ['ORDERSTREAM_CORS_ORIGINS', 'https://a.example/', 'origins by commas, such as https://shop.example.com'],
    ['ORDERSTREAM_CORS_ORIGINS', 'https://a.example,', 'origins by commas, such as https://shop.example.com'],
  ])('is refused by name when %s is %j', (name, value, allowed) => {
    const read = () => readConfig({ [name]: value });

    expect(read).toThrow(ConfigInvalid);
    expect(read).toThrow(`${name} is ${JSON.stringify(value)}; allowed: ${allowed}`);
  });

  it('names all wrong settings at once', () => {
    expect(() => readConfig({ ORDERSTREAM_ENV: 'x', ORDERSTREAM_CURRENCY: 'y' })).toThrow(
      /ORDERSTREAM_ENV.*\n.*ORDERSTREAM_CURRENCY/,
    );
  });

  it('has no setting that is misspelt, and tells nothing of its value', () => {
    const read = () => readConfig({ ORDERSTREAM_ENVIRONMENT: 'hidden', ORDERSTREAM_CURRENCY: 'y' });

    expect(read).toThrow(
      /ORDERSTREAM_ENVIRONMENT is no setting\. The settings are ORDERSTREAM_ENV, .*\n.*ORDERSTREAM_CURRENCY/,
    );
    expect(read).not.toThrow(/hidden/);
    expect(() => readConfig({ ORDERSTREAM_CASH: 'on' })).toThrow('ORDERSTREAM_CASH is no setting');
  });

  it('leaves what the command line and the workflows read to them', () => {
    const others = {
      ORDERSTREAM_TOKEN: 'a',
      ORDERSTREAM_SMOKE_TOKEN: 'b',
      ORDERSTREAM_ENVIRONMENT: '',
      PATH: '',
    };

    expect(readConfig(others).environment).toBe('local');
  });

  it.each([
    ['dev', 'orderstream-boundary-prod', DEV],
    ['prod', 'orderstream-boundary-dev', PROD],
    ['prod', 'orderstream-boundary-local', PROD],
  ])('bounds the roles of %s by no policy of another environment: %s', (environment, boundary, given) => {
    expect(() => readConfig({ ...given, ORDERSTREAM_PERMISSIONS_BOUNDARY: boundary })).toThrow(
      `ORDERSTREAM_PERMISSIONS_BOUNDARY is "${boundary}"; allowed: in ${environment} its own, orderstream-boundary-${environment}.`,
    );
  });

  it.each(['ORDERSTREAM_STATE_BUCKET', 'ORDERSTREAM_PERMISSIONS_BOUNDARY', 'ORDERSTREAM_ORDERS_TABLE'])(
    'has no use for %s in the local cloud',
    (name) => {
      expect(() => readConfig({ [name]: 'orders' })).toThrow(
        `${name} is "orders"; allowed: none in the environment local, which stands in no AWS account.`,
      );
    },
  );

  it.each([DEV, PROD])('asks for the bucket of the state where it is shared', (given) => {
    expect(() => readConfig({ ...given, ORDERSTREAM_STATE_BUCKET: '' })).toThrow(
      "ORDERSTREAM_STATE_BUCKET is not set; allowed: the name of the bucket for Terraform's state (`npm run bootstrap` makes it",
    );
  });

  it.each([
    ['WARN', DEV],
    ['ERROR', PROD],
  ])('keeps the lines that bring metrics outside the local cloud: no level %s', (level, given) => {
    const { ORDERSTREAM_ENV } = given;

    expect(() => readConfig({ ...given, ORDERSTREAM_LOG_LEVEL: level })).toThrow(
      `ORDERSTREAM_LOG_LEVEL is "${level}"; allowed: DEBUG, INFO in ${ORDERSTREAM_ENV}, where`,
    );
    expect(readConfig({ ORDERSTREAM_LOG_LEVEL: level }).logLevel).toBe(level);
  });

  it('lets only encrypted pages call from a browser outside the local cloud', () => {
    const plain = { ORDERSTREAM_CORS_ORIGINS: 'https://a.example,http://localhost:3000' };

    expect(readConfig(plain).corsOrigins).toEqual(['https://a.example', 'http://localhost:3000']);
    expect(() => readConfig({ ...DEV, ...plain })).toThrow(
      /ORDERSTREAM_CORS_ORIGINS is .* https alone in dev/,
    );
  });

  it.each(Object.keys(settingsSchema.shape))('is told of in the README: %s', (name) => {
    expect(readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8')).toMatch(
      new RegExp(`\\b${name}\\b`),
    );
  });

  it('is synthesized anew when any of its settings changes', () => {
    const { nx } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'));
    const watched: { env?: string; runtime?: string }[] = nx.targets.synth.inputs;

    // Names that are no settings are refused, and not answered from what was synthesized without them.
    const [names = ''] = watched.flatMap(({ runtime }) => runtime ?? []);
    expect(execSync(names, { env: { ...process.env, ORDERSTREAM_CASH: 'on' }, encoding: 'utf8' })).toContain(
      'ORDERSTREAM_CASH',
    );
    expect(watched.flatMap(({ env }) => env ?? []).sort()).toEqual(Object.keys(settingsSchema.shape).sort());
  });

  it('takes no unencrypted issuer outside the local cloud', () => {
    expect(() => readConfig({ ...DEV, ORDERSTREAM_ISSUER: 'http://login.example.com' })).toThrow(
      'ORDERSTREAM_ISSUER is "http://login.example.com"; allowed: the address of a token issuer',
    );
  });

  it.each(['dev', 'prod'])('has no sender in %s who could not be reached', (environment) => {
    const given = environment === 'dev' ? DEV : PROD;

    expect(() => readConfig({ ...given, ORDERSTREAM_MAIL_FROM: '' })).toThrow(
      'ORDERSTREAM_MAIL_FROM is not set; allowed: a mail address whose mail you receive',
    );
    expect(() => readConfig({ ...given, ORDERSTREAM_MAIL_FROM: 'shop@orderstream.example' })).toThrow(
      'ORDERSTREAM_MAIL_FROM is "shop@orderstream.example"; allowed: a mail address whose mail you receive',
    );
  });

  it('leaves nobody without alarms in prod unless somebody says so', () => {
    expect(() => readConfig({ ...PROD, ORDERSTREAM_ALARM_MAIL: '' })).toThrow(
      "ORDERSTREAM_ALARM_MAIL is not set; allowed: a mail address, or none where somebody subscribes to the alarms' topic by other means (to be chosen in prod).",
    );
    expect(readConfig({ ...PROD, ORDERSTREAM_ALARM_MAIL: 'none' }).alarms.mailTo).toBeUndefined();
    expect(readConfig({ ...DEV, ORDERSTREAM_ALARM_MAIL: '' }).alarms.mailTo).toBeUndefined();
  });

  it('has sandboxes in prod only when somebody says so', () => {
    expect(() => readConfig({ ORDERSTREAM_ENV: 'prod' })).toThrow(
      /ORDERSTREAM_PAYMENT_GATEWAY is not set; allowed: sandbox.*\n.*ORDERSTREAM_CARRIER is not set/,
    );
  });
});
