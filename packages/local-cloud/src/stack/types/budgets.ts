import * as z from 'zod';
import { anyArgs, text } from '../arguments.ts';
import type { Draft } from '../draft.ts';
import type { Budget } from '../model.ts';
import { requireArn } from '../require.ts';
import { resourceType } from '../resource-type.ts';

const notification = z.looseObject({ subscriber_sns_topic_arns: z.array(text).default([]) });

const budget = resourceType({
  type: 'aws_budgets_budget',
  inert: 'nothing costs money here; whether it may tell its topics is asked at the start',
  schema: anyArgs('name').extend({ name: text, notification: z.array(notification).default([]) }),
  attributes: ({ name }, { accountId }) => ({
    id: `${accountId}:${name}`,
    arn: `arn:aws:budgets::${accountId}:budget/${name}`,
  }),
  contribute({ address, args, attributes }, draft) {
    const topics = new Set(args.notification.flatMap((each) => each.subscriber_sns_topic_arns));
    draft.budgets.push({ address, name: args.name, arn: attributes.arn, topicArns: [...topics] });
  },
});

export const budgetTypes = [budget];

export function linkBudgets(draft: Draft, problems: string[]): readonly Budget[] {
  return draft.budgets.map(({ address, ...linked }) => {
    for (const topicArn of linked.topicArns)
      requireArn(
        draft,
        ['topics'],
        { address, argument: 'subscriber_sns_topic_arns', arn: topicArn },
        problems,
      );
    return linked;
  });
}
