import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalCloud } from '../cloud.ts';

const stackThatLets = (Service: string, source: string) => ({
  resource: {
    aws_sns_topic: { ops: { name: 'ops' } },
    aws_sns_topic_policy: {
      ops: {
        arn: '${aws_sns_topic.ops.arn}',
        policy: JSON.stringify({
          Statement: {
            ...{ Effect: 'Allow', Principal: { Service }, Action: 'sns:Publish', Resource: '*' },
            Condition: { ArnLike: { 'aws:SourceArn': source } },
          },
        }),
      },
    },
    aws_budgets_budget: {
      month: {
        name: 'month',
        notification: [
          { threshold: 80, subscriber_sns_topic_arns: ['${aws_sns_topic.ops.arn}'] },
          { threshold: 100, subscriber_sns_topic_arns: ['${aws_sns_topic.ops.arn}'] },
        ],
      },
    },
  },
});

describe('a budget that is to tell a topic', () => {
  const folder = mkdtempSync(join(tmpdir(), 'budget-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const refusedAtStart = async (stack: object) => {
    const stackFile = join(folder, 'cdk.tf.json');
    writeFileSync(stackFile, JSON.stringify(stack));
    const cloud = await LocalCloud.start({ stackFile });
    try {
      const answer = await fetch(`${cloud.endpointUrl}/_local/refusals`);
      const { refusals } = (await answer.json()) as { refusals: { caller: string; action: string }[] };
      return refusals.map(({ caller, action }) => `${caller}: ${action}`);
    } finally {
      await cloud.stop();
    }
  };

  it('is let do so by the topic’s policy', async () => {
    expect(
      await refusedAtStart(stackThatLets('budgets.amazonaws.com', 'arn:aws:budgets::000000000000:*')),
    ).toEqual([]);
  });

  it.each([
    ['another service', 'cloudwatch.amazonaws.com', 'arn:aws:budgets::000000000000:*'],
    ['the budgets of another account', 'budgets.amazonaws.com', 'arn:aws:budgets::111111111111:*'],
  ])(
    'is told at the start where the policy names %s: on AWS nobody would hear of it',
    async (_, service, source) => {
      expect(await refusedAtStart(stackThatLets(service, source))).toEqual([
        'budget month (budgets.amazonaws.com): sns:Publish',
      ]);
    },
  );

  it('ends the start where the topic is not in the stack', async () => {
    const notification = [{ subscriber_sns_topic_arns: ['arn:aws:sns:eu-west-1:000000000000:nobody'] }];
    const aws_budgets_budget = { month: { name: 'month', notification } };

    await expect(refusedAtStart({ resource: { aws_budgets_budget } })).rejects.toThrow(
      /aws_budgets_budget\.month: argument "subscriber_sns_topic_arns" is .*:nobody/,
    );
  });
});
