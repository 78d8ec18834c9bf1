import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalCloud, type LocalCloudOptions } from './cloud.ts';
import { describeWithEngine } from './tables/tables.fixture.ts';

const STACK = {
  resource: {
    aws_dynamodb_table: {
      orders: {
        name: 'orders',
        hash_key: 'id',
        attribute: [{ name: 'id', type: 'S' }],
        stream_enabled: true,
        stream_view_type: 'NEW_AND_OLD_IMAGES',
      },
    },
    aws_apigatewayv2_api: {
      customers: { name: 'customers', protocol_type: 'HTTP' },
      staff: { name: 'staff', protocol_type: 'HTTP' },
    },
    aws_apigatewayv2_stage: {
      staff: { api_id: '${aws_apigatewayv2_api.staff.id}', name: '$default', auto_deploy: true },
      customers: { api_id: '${aws_apigatewayv2_api.customers.id}', name: '$default', auto_deploy: true },
    },
    aws_sesv2_email_identity: { shop: { email_identity: 'example.org' } },
    aws_sesv2_configuration_set: { shop: { configuration_set_name: 'shop' } },
    aws_sesv2_configuration_set_event_destination: {
      bus: {
        configuration_set_name: '${aws_sesv2_configuration_set.shop.id}',
        event_destination_name: 'bus',
        event_destination: {
          enabled: true,
          matching_event_types: ['BOUNCE'],
          event_bridge_destination: {
            event_bus_arn: 'arn:aws:events:eu-west-1:000000000000:event-bus/default',
          },
        },
      },
    },
    aws_sqs_queue: { bounces: { name: 'bounces' } },
    aws_cloudwatch_event_rule: {
      bounces: { name: 'bounces', event_pattern: '{"source":["aws.ses"],"detail-type":["Email Bounced"]}' },
    },
    aws_cloudwatch_event_target: {
      bounces: { rule: '${aws_cloudwatch_event_rule.bounces.name}', arn: '${aws_sqs_queue.bounces.arn}' },
    },
  },
  output: { staff: { value: '${aws_apigatewayv2_api.staff.api_endpoint}' } },
};

interface Status {
  ready: boolean;
  inFlight: Record<string, number>;
  api: string;
  apis: Record<string, string>;
}

/** The process of the engine that this one has started. */
function enginePid(): number {
  const children = execFileSync('ps', ['-o', 'pid=,comm=', '--ppid', `${process.pid}`]).toString();
  return Number(/^\s*(\d+) dynoxide$/m.exec(children)![1]);
}

describeWithEngine('a local cloud', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cloud-'));
  const stackFile = join(folder, 'cdk.tf.json');
  beforeAll(() => writeFileSync(stackFile, JSON.stringify(STACK)));
  afterAll(() => rmSync(folder, { recursive: true }));

  let cloud: LocalCloud;
  const start = async (more: Partial<LocalCloudOptions> = {}) => {
    cloud = await LocalCloud.start({ stackFile, iam: 'off', ...more });
  };
  afterEach(() => cloud.stop().catch(() => undefined));

  const status = async (): Promise<Status> =>
    JSON.parse(await (await fetch(`${cloud.endpointUrl}/_local/status`)).text());
  const put = (id = 'a', text = '') =>
    fetch(cloud.endpointUrl, {
      method: 'POST',
      headers: { 'x-amz-target': 'DynamoDB_20120810.PutItem' },
      body: JSON.stringify({ TableName: 'orders', Item: { id: { S: id }, text: { S: text } } }),
    });

  it('answers calls of Lambda’s own API', async () => {
    await start();

    const answer = await fetch(`${cloud.endpointUrl}/2015-03-31/functions`);

    expect(await answer.json()).toMatchObject({ Functions: [] });
  });

  it('runs every API of the stack, and says where', async () => {
    await start();

    const { api, apis } = await status();

    expect(cloud.apiUrls).toEqual(apis);
    expect([cloud.apiUrl, api]).toEqual([apis['customers'], apis['customers']]);
    expect(cloud.stack.outputs['staff']).toBe(apis['staff']);
    const answers = await Promise.all(Object.values(apis).map((url) => fetch(`${url}/nothing`)));
    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
  });

  it('keeps mail in its outbox, and tells the default bus of a bounce', async () => {
    await start();
    const body = {
      FromEmailAddress: 'shop@example.org',
      Destination: { ToAddresses: ['bounce+o-1@simulator.amazonses.com'] },
      Content: { Simple: { Subject: { Data: 'Shipped' }, Body: { Text: { Data: 'On its way' } } } },
      ConfigurationSetName: 'shop',
      EmailTags: [{ Name: 'orderId', Value: 'o-1' }],
    };

    await fetch(`${cloud.endpointUrl}/v2/email/outbound-emails`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    await cloud.settled();

    const outbox = await fetch(`${cloud.endpointUrl}/_local/outbox?orderId=o-1`);
    expect(await outbox.json()).toMatchObject([{ subject: 'Shipped', outcome: 'bounced' }]);
    const received = await fetch(cloud.endpointUrl, {
      method: 'POST',
      headers: { 'x-amz-target': 'AmazonSQS.ReceiveMessage', 'content-type': 'application/x-amz-json-1.0' },
      body: JSON.stringify({ QueueUrl: cloud.stack.queues[0]!.url }),
    });
    expect(await received.text()).toContain('bounce+o-1@simulator.amazonses.com');
  });

  it('is no longer ready when its table engine ends, says so, and lets go of what was under way', async () => {
    const end = Promise.withResolvers<Error>();
    await start({ onEnd: end.resolve });
    await put();
    const engine = enginePid();
    process.kill(engine, 'SIGSTOP');
    const write = put();
    while ((await status()).inFlight['write'] !== 1);
    const before = await status();

    process.kill(engine, 'SIGKILL');

    expect((await end.promise).message).toBe('The table engine ended (SIGKILL). Start again: npm start');
    expect((await write).status).toBe(500);
    await cloud.settled();
    expect([before.ready, (await status()).ready]).toEqual([true, false]);
  });

  it('ends when its journal can not be written: at once, with one line, and without what no longer can be kept', async () => {
    const end = Promise.withResolvers<Error>();
    const onError = jest.fn();
    const state = mkdtempSync(join(tmpdir(), 'cloud-state-'));
    await start({ onEnd: end.resolve, onError, stateDirectory: state });
    await put();
    cloud.journal.all('PRAGMA max_page_count = 1');

    const writes = await Promise.all(['b', 'c', 'd'].map((id) => put(id, id.repeat(200_000))));

    expect((await end.promise).message).toMatch(
      /^The journal .*journal.* can't be written \(.*database or disk is full\)\. Make room on the disk .*npm start$/,
    );
    expect(writes.map(({ status }) => status)).toContain(500);
    expect((await status()).ready).toBe(false);
    expect((await put()).status).toBe(500);
    await cloud.stop();

    expect(onError).not.toHaveBeenCalled();
    rmSync(state, { recursive: true });
  });

  it('can be stopped twice', async () => {
    await start();

    await Promise.all([cloud.stop(), cloud.stop()]);
    await cloud.stop();

    await expect(status()).rejects.toThrow('fetch failed');
  });

  it('stops the rest when one part can not be stopped, and tells which error that was', async () => {
    await start();
    jest.spyOn(cloud.mappings, 'stop').mockImplementation(() => {
      throw new Error('stuck');
    });

    await expect(cloud.stop()).rejects.toThrow('The local cloud did not end cleanly: stuck');

    await expect(status()).rejects.toThrow('fetch failed');
    expect(() => cloud.journal.flush()).not.toThrow();
    expect(() => cloud.journal.get('SELECT 1')).toThrow('database is not open');
  });
});
