import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { PLAIN_NUMBERS } from './document-client.ts';

/** What became of a conditional write: its answer, or the item that did not meet the condition. */
export type Written<Answer> =
  | { readonly written: true; readonly answer: Answer }
  | { readonly written: false; readonly found: Record<string, unknown> | undefined };

/**
 * Waits for a conditional write. A refusal is no error but an answer: the item as it stood, which the write must have
 * asked for with `ReturnValuesOnConditionCheckFailure: ALL_OLD`; `undefined` where there was none.
 */
export async function conditionalWrite<Answer>(write: Promise<Answer>): Promise<Written<Answer>> {
  try {
    return { written: true, answer: await write };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    const { Item } = error;
    return { written: false, found: Item === undefined ? undefined : unmarshall(Item, PLAIN_NUMBERS) };
  }
}
