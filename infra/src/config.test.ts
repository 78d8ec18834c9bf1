import { ConfigInvalid, readConfig } from './config.ts';

const PROD = {
  ORDERSTREAM_ENV: 'prod',
  ORDERSTREAM_PAYMENT_GATEWAY: 'sandbox',
  ORDERSTREAM_CARRIER: 'sandbox',
};

describe('the configuration', () => {
  it('is that of the local cloud when nothing is set', () => {
    expect(readConfig({})).toEqual({
      environment: 'local',
      prefix: 'orderstream-local',
      region: 'eu-west-1',
      tokens: { issuer: 'http://127.0.0.1:4400/_local/issuer', audience: 'orderstream' },
      currency: 'GBP',
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
      ORDERSTREAM_LOG_LEVEL: 'ERROR',
      ORDERSTREAM_LOG_RETENTION_DAYS: '365',
    });

    expect(config).toMatchObject({
      prefix: 'orderstream-prod',
      region: 'us-east-2',
      tokens: { issuer: 'https://login.example.com/', audience: 'shop' },
      currency: 'EUR',
      logLevel: 'ERROR',
      logRetentionDays: 365,
    });
  });

  it('has no token issuer outside the local cloud unless one is named', () => {
    expect(readConfig({ ORDERSTREAM_ENV: 'dev' }).tokens).toBeUndefined();
  });

  it('keeps the logs of prod for longer', () => {
    expect(readConfig(PROD).logRetentionDays).toBe(90);
  });

  it('takes an empty variable for one that is not set', () => {
    expect(readConfig({ ORDERSTREAM_ENV: '', ORDERSTREAM_LOG_LEVEL: '' }).environment).toBe('local');
  });

  it.each([
    ['ORDERSTREAM_ENV', 'staging', 'local, dev, prod'],
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
    expect(() =>
      readConfig({ ORDERSTREAM_ENV: 'dev', ORDERSTREAM_ISSUER: 'http://login.example.com' }),
    ).toThrow('ORDERSTREAM_ISSUER is "http://login.example.com"; allowed: the address of a token issuer');
  });

  it('has sandboxes in prod only when somebody says so', () => {
    expect(() => readConfig({ ORDERSTREAM_ENV: 'prod' })).toThrow(
      /ORDERSTREAM_PAYMENT_GATEWAY is not set; allowed: sandbox.*\n.*ORDERSTREAM_CARRIER is not set/,
    );
  });
});
