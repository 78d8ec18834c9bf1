import { ConfigInvalid, readConfig } from './config.ts';

const DEV = { ORDERSTREAM_ENV: 'dev', ORDERSTREAM_MAIL_FROM: 'shop@example.com' };
const PROD = {
  ORDERSTREAM_ENV: 'prod',
  ORDERSTREAM_MAIL_FROM: 'shop@example.com',
  ORDERSTREAM_PAYMENT_GATEWAY: 'sandbox',
  ORDERSTREAM_CARRIER: 'sandbox',
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
      ORDERSTREAM_LOG_LEVEL: 'ERROR',
      ORDERSTREAM_LOG_RETENTION_DAYS: '365',
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
      logLevel: 'ERROR',
      logRetentionDays: 365,
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
    ['ORDERSTREAM_REGION', 'Ireland', 'a region such as eu-west-1'],
    ['ORDERSTREAM_ISSUER', 'login.example.com', 'the address of a token issuer, https://…'],
    ['ORDERSTREAM_ISSUER', 'https://x/${file("/etc/passwd")}', 'the address of a token issuer, https://…'],
    ['ORDERSTREAM_AUDIENCE', 'two words', 'an audience without spaces'],
    ['ORDERSTREAM_CURRENCY', 'pounds', 'a currency code such as GBP'],
    ['ORDERSTREAM_LOG_LEVEL', 'LOUD', 'DEBUG, INFO, WARN, ERROR'],
    ['ORDERSTREAM_LOG_RETENTION_DAYS', '8', '1, 3, 5, 7, 14'],
    ['ORDERSTREAM_PAYMENT_GATEWAY', 'cash', 'sandbox'],
    ['ORDERSTREAM_CARRIER', 'pigeon', 'sandbox'],
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

  it('has sandboxes in prod only when somebody says so', () => {
    expect(() => readConfig({ ORDERSTREAM_ENV: 'prod' })).toThrow(
      /ORDERSTREAM_PAYMENT_GATEWAY is not set; allowed: sandbox.*\n.*ORDERSTREAM_CARRIER is not set/,
    );
  });
});
