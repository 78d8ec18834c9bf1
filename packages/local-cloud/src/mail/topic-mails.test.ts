import { MovableClock } from '../clock.ts';
import type { ServiceRequest } from '../endpoint/service.ts';
import type { JournalRows } from '../journal/rows.ts';
import { TopicMails } from './topic-mails.ts';

const subscription = { arn: 'arn:news:1', topicArn: 'arn:news', recipient: 'ops@example.org' };

async function mailsOf(parameters: Record<string, string>, operation: string, status = 200) {
  const rows: JournalRows['messages'][] = [];
  const journal = { append: (_kind: string, row: unknown) => void rows.push(row as JournalRows['messages']) };
  const mails = new TopicMails([subscription], { clock: new MovableClock(), journal });
  const topics = mails.around(async () => ({ status, headers: {}, body: '' }));
  const request: ServiceRequest = {
    ...{ service: 'sns', operation, method: 'POST', url: '/', headers: {} },
    body: Buffer.from(new URLSearchParams(parameters).toString()),
    caller: { kind: 'function', name: 'api', roleArn: undefined },
  };
  await topics(request);
  return rows.map(({ recipient, subject, text, function: from }) => ({ recipient, subject, text, from }));
}

const mail = { recipient: 'ops@example.org', subject: 'Look', text: 'one', from: 'api' };
const entry = (number: number) => `PublishBatchRequestEntries.member.${number}.`;

it.each([
  ['a message', 'Publish', { TopicArn: 'arn:news', Subject: 'Look', Message: 'one' }, [mail]],
  [
    'one without a subject',
    'Publish',
    { TopicArn: 'arn:news', Message: 'one' },
    [{ ...mail, subject: 'AWS Notification Message' }],
  ],
  [
    'each of a batch',
    'PublishBatch',
    {
      TopicArn: 'arn:news',
      [`${entry(1)}Message`]: 'one',
      [`${entry(1)}Subject`]: 'Look',
      [`${entry(2)}Message`]: 'two',
      [`${entry(2)}Subject`]: 'Look',
    },
    [mail, { ...mail, text: 'two' }],
  ],
  ['nothing of another topic', 'Publish', { TopicArn: 'arn:other', Message: 'one' }, []],
  ['nothing of another call', 'Subscribe', { TopicArn: 'arn:news', Message: 'one' }, []],
])('who is subscribed by mail gets %s', async (_, operation, parameters, expected) => {
  expect(await mailsOf(parameters, operation)).toEqual(expected);
});

it('who is subscribed by mail gets nothing that SNS refused', async () => {
  expect(await mailsOf({ TopicArn: 'arn:news', Message: 'one' }, 'Publish', 400)).toEqual([]);
});
