import { AwsError, jsonResponse } from '../endpoint/service.ts';
import type { ServiceRequest, ServiceResponse } from '../endpoint/service.ts';
import { z } from 'zod';
import type { Queue } from '../stack/model.ts';

const call = z.object({ QueueUrl: z.string() });
const redrivePolicy = z.object({ deadLetterTargetArn: z.string() });

/**
 * ListDeadLetterSourceQueues: the queues whose dead letters go to the one that is asked for, all of them on one page.
 *
 * @throws AwsError `QueueDoesNotExist`
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListDeadLetterSourceQueues.html
 */
export function deadLetterSources({ body }: ServiceRequest, queues: readonly Queue[]): ServiceResponse {
  const { success, data } = call.safeParse(JSON.parse(body.toString()));
  if (!success) {
    throw new AwsError('MissingParameter', 'The request must contain the parameter QueueUrl.');
  }
  const name = data.QueueUrl.slice(data.QueueUrl.lastIndexOf('/') + 1);
  const target = queues.find((queue) => queue.name === name);
  if (!target) throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
  const sources = queues.filter((queue) => deadLetterArn(queue) === target.arn);
  return jsonResponse({ queueUrls: sources.map(({ url }) => url) });
}

function deadLetterArn({ attributes }: Queue): string | undefined {
  const policy = attributes['RedrivePolicy'];
  return policy === undefined ? undefined : redrivePolicy.parse(JSON.parse(policy)).deadLetterTargetArn;
}
