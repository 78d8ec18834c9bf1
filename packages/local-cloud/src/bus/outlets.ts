import type { InvokeCause } from '../functions/invoker.ts';

/** What an event or an invocation's result can be handed to. All reject with AwsError where AWS would refuse. */
export interface Outlets {
  /** @param attributes String attributes, or Number ones where a number is given. */
  sendMessage(
    queueArn: string,
    body: string,
    attributes?: Readonly<Record<string, string | number>>,
  ): Promise<void>;
  publish(topicArn: string, message: string): Promise<void>;
  putObject(bucketArn: string, key: string, body: string, contentType: string): Promise<void>;
  /** Accepts an invocation, for good once this resolves; what comes of it is not waited for. */
  invokeAsync(functionName: string, payload: string, cause: InvokeCause): Promise<unknown>;
  /** @param name made up when undefined. */
  startExecution(stateMachineArn: string, name: string | undefined, input: string, trace?: string): unknown;
}

/** `sqs`, `sns`, `lambda`, `states`, `events`, `s3`: the service that an ARN belongs to. */
export function serviceOf(arn: string): string {
  return arn.split(':', 3)[2] ?? '';
}
