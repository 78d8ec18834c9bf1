import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { SnsTopicPolicy } from '@cdktf/provider-aws/lib/sns-topic-policy';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription';
import { Construct } from 'constructs';
import type { Config } from '../config/config.ts';
import { policyDocument, type Statement } from '../functions/role.ts';

export interface AlarmTopicProps {
  readonly config: Config;
  readonly accountId: string;
}

/**
 * Where all alarms are told. CloudWatch can't publish to a topic that is encrypted with the key `aws/sns`, whose policy
 * nobody may change, and a key of our own costs a dollar a month: a message names an alarm, a metric and a number, and
 * nothing of a customer.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export class AlarmTopic extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { config, accountId }: AlarmTopicProps) {
    super(scope, id);
    const topic = new SnsTopic(this, 'topic', { name: `${config.prefix}-alarms` });
    const publish = (Sid: string, service: string, sourceArn: string): Statement => ({
      Sid,
      Effect: 'Allow',
      Principal: { Service: service },
      Action: ['sns:Publish'],
      Resource: [topic.arn],
      Condition: {
        StringEquals: { 'aws:SourceAccount': accountId },
        ArnLike: { 'aws:SourceArn': sourceArn },
      },
    });
    new SnsTopicPolicy(this, 'policy', {
      arn: topic.arn,
      policy: policyDocument([
        publish(
          'AlarmsTell',
          'cloudwatch.amazonaws.com',
          `arn:aws:cloudwatch:${config.region}:${accountId}:alarm:${config.prefix}-*`,
        ),
        // https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html
        publish('BudgetTells', 'budgets.amazonaws.com', `arn:aws:budgets::${accountId}:*`),
      ]),
    });
    if (config.alarms.mailTo !== undefined) {
      new SnsTopicSubscription(this, 'mail', {
        topicArn: topic.arn,
        protocol: 'email',
        endpoint: config.alarms.mailTo,
      });
    }
    this.arn = topic.arn;
  }
}
