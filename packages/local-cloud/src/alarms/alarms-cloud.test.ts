import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalCloud } from '../cloud.ts';

/** A policy of the topic that lets a service publish. */
const mayPublish = (Service: string) => ({
  aws_sns_topic_policy: {
    it: {
      arn: '${aws_sns_topic.alarms.arn}',
      policy: JSON.stringify({
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service },
            Action: 'sns:Publish',
            Resource: '${aws_sns_topic.alarms.arn}',
            Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:cloudwatch:*:*:alarm:*' } },
          },
        ],
      }),
    },
  },
});

const RESOURCES = {
  aws_sqs_queue: { letters: { name: 'letters' } },
  aws_sns_topic: { alarms: { name: 'alarms' } },
  aws_sns_topic_subscription: {
    mail: { topic_arn: '${aws_sns_topic.alarms.arn}', protocol: 'email', endpoint: 'ops@example.org' },
  },
  aws_cloudwatch_metric_alarm: {
    letters: {
      alarm_name: 'letters',
      alarm_description: 'Letters wait. Runbook: docs/letters.md',
      ...{ namespace: 'AWS/SQS', metric_name: 'ApproximateNumberOfMessagesVisible', statistic: 'Maximum' },
      dimensions: { QueueName: '${aws_sqs_queue.letters.name}' },
      ...{ period: 60, evaluation_periods: 1, comparison_operator: 'GreaterThanThreshold', threshold: 0 },
      treat_missing_data: 'notBreaching',
      ...{ alarm_actions: ['${aws_sns_topic.alarms.arn}'], ok_actions: ['${aws_sns_topic.alarms.arn}'] },
    },
  },
};

describe('the alarms of a local cloud', () => {
  const folder = mkdtempSync(join(tmpdir(), 'alarms-'));
  const stackFile = join(folder, 'cdk.tf.json');
  afterAll(() => rmSync(folder, { recursive: true }));

  let cloud: LocalCloud;
  const start = async (more: object = {}, stateDirectory?: string) => {
    writeFileSync(stackFile, JSON.stringify({ resource: { ...RESOURCES, ...more } }));
    cloud = await LocalCloud.start({ stackFile, ...(stateDirectory !== undefined && { stateDirectory }) });
  };
  afterEach(() => cloud.stop());

  const asked = async <T>(path: string): Promise<T> =>
    JSON.parse(await (await fetch(`${cloud.endpointUrl}/_local/${path}`)).text());
  const alarms = async () => (await asked<{ alarms: unknown[] }>('alarms')).alarms;
  const outbox = () =>
    asked<{ subject: string; recipient: string; text: string; function: string }[]>('outbox');
  const letter = () =>
    fetch(cloud.endpointUrl, {
      method: 'POST',
      headers: { 'x-amz-target': 'AmazonSQS.SendMessage', 'content-type': 'application/x-amz-json-1.0' },
      body: JSON.stringify({ QueueUrl: `${cloud.endpointUrl}/000000000000/letters`, MessageBody: 'one' }),
    });
  const minute = () => cloud.clock.advance(60_000);

  it('are told, and those that ring mail whoever is subscribed', async () => {
    await start(mayPublish('cloudwatch.amazonaws.com'));
    expect(await alarms()).toMatchObject([{ name: 'letters', state: 'OK' }]);
    await letter();
    await minute();

    expect(await alarms()).toMatchObject([
      { name: 'letters', state: 'ALARM', description: 'Letters wait. Runbook: docs/letters.md' },
    ]);
    const mails = await outbox();
    expect(mails).toMatchObject([
      { recipient: 'ops@example.org', subject: 'ALARM: "letters" in eu-west-1', function: 'CloudWatch' },
    ]);
    expect(mails[0]?.text).toContain('Runbook: docs/letters.md');
  });

  it('reach nobody through a topic whose policy leaves CloudWatch out', async () => {
    await start(mayPublish('budgets.amazonaws.com'));
    await letter();
    await minute();

    expect(await alarms()).toMatchObject([{ state: 'ALARM' }]);
    expect(await outbox()).toEqual([]);
    expect(await asked('refusals')).toMatchObject({
      refusals: [{ caller: expect.stringContaining('alarm letters'), action: 'sns:Publish' }],
    });
  });

  it('ring on after a restart, and tell it once', async () => {
    const state = join(folder, 'state');
    await start({}, state);
    await letter();
    await minute();
    await cloud.stop();
    await start({}, state);
    await minute();

    expect(await alarms()).toMatchObject([{ state: 'ALARM' }]);
    expect(await outbox()).toHaveLength(1);
  });

  it('keep nothing in flight', async () => {
    await start();
    await letter();
    await minute();

    await cloud.settled();

    expect(cloud.inFlight.counts()).toEqual({});
  });
});
