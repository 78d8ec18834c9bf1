import { ListTopicsCommand, PublishCommand } from '@aws-sdk/client-sns';
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { NEWS, WORK, arn, setUpQueues } from './setup.fixture.ts';

const cloud = setUpQueues();

describe('SQS through the SDK', () => {
  test('a message goes through a queue whose URL is at the endpoint', async () => {
    const { QueueUrl } = await cloud.sqs.send(new GetQueueUrlCommand({ QueueName: 'work' }));
    await cloud.sqs.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: 'hello',
        MessageAttributes: { kind: { DataType: 'String', StringValue: 'greeting' } },
      }),
    );
    const { Messages } = await cloud.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['All'],
      }),
    );
    await cloud.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages?.[0]?.ReceiptHandle }));

    expect(QueueUrl).toBe(cloud.queueUrl('work'));
    expect(Messages).toMatchObject([
      { Body: 'hello', MessageAttributes: { kind: { StringValue: 'greeting' } } },
    ]);
  });

  test('a queue has the stack’s attributes and ARN', async () => {
    const { Attributes } = await cloud.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: cloud.queueUrl('work'), AttributeNames: ['All'] }),
    );

    expect(Attributes).toMatchObject({ QueueArn: WORK, VisibilityTimeout: '60' });
  });

  test('a long poll ends at once when a message arrives', async () => {
    const receiving = cloud.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: cloud.queueUrl('work'), WaitTimeSeconds: 20 }),
    );
    await cloud.queues.sendMessage(WORK, 'hello');

    expect((await receiving).Messages).toMatchObject([{ Body: 'hello' }]);
  });

  test('stopping ends a long poll', async () => {
    const request = { service: 'sqs', operation: 'ReceiveMessage', method: 'POST', url: '/' };
    const receiving = cloud.queues.sqs({
      ...request,
      headers: { 'x-amz-target': 'AmazonSQS.ReceiveMessage', 'content-type': 'application/x-amz-json-1.0' },
      body: Buffer.from(JSON.stringify({ QueueUrl: cloud.queueUrl('work'), WaitTimeSeconds: 20 })),
      caller: { kind: 'operator', name: 'test', roleArn: undefined },
    });
    await new Promise((resolve) => setTimeout(resolve, 0));
    await cloud.queues.stop();

    expect((await receiving).status).toBe(200);
  });

  test('an unknown queue is SQS’s own error', async () => {
    const sending = cloud.sqs.send(
      new SendMessageCommand({ QueueUrl: cloud.queueUrl('nowhere'), MessageBody: 'hello' }),
    );

    await expect(sending).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
  });
});

describe('topics', () => {
  test('a topic of the stack delivers to its queue, from the SDK and from inside', async () => {
    await cloud.sns.send(new PublishCommand({ TopicArn: NEWS, Message: 'from outside & "quoted"' }));
    await cloud.queues.publish(NEWS, 'from inside');

    expect(cloud.bodies(WORK)).toEqual(['from outside & "quoted"', 'from inside']);
    expect(await cloud.sns.send(new ListTopicsCommand())).toMatchObject({
      Topics: [{ TopicArn: NEWS }],
    });
  });

  test('an unknown topic is refused', async () => {
    await expect(cloud.queues.publish(arn('sns', 'nowhere'), 'lost')).rejects.toMatchObject({
      code: 'NotFound',
    });
  });
});

test('an unknown queue is refused by name', async () => {
  await expect(cloud.queues.sendMessage(arn('sqs', 'nowhere'), 'lost')).rejects.toMatchObject({
    code: 'QueueDoesNotExist',
    message: expect.stringContaining('nowhere'),
  });
});
