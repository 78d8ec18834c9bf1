import { BudgetsBudget } from '@cdktf/provider-aws/lib/budgets-budget';
import type { Construct } from 'constructs';
import type { Config } from '../config/config.ts';
import type { AlarmTopic } from './alarm-topic.ts';

/**
 * Tells the topic when the month costs more than is planned, and before, when it will. It counts all that the account
 * costs: a filter by tag would count nothing until somebody activates the tag in the account's billing.
 *
 * @see https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-managing-costs.html
 */
export function makeBudget(scope: Construct, config: Config, topic: AlarmTopic): void {
  const tell = (notificationType: 'ACTUAL' | 'FORECASTED', percent: number) => ({
    notificationType,
    comparisonOperator: 'GREATER_THAN',
    threshold: percent,
    thresholdType: 'PERCENTAGE',
    subscriberSnsTopicArns: [topic.arn],
  });
  new BudgetsBudget(scope, 'budget', {
    name: `${config.prefix}-month`,
    budgetType: 'COST',
    limitAmount: String(config.alarms.monthlyBudget),
    limitUnit: 'USD',
    timeUnit: 'MONTHLY',
    notification: [tell('ACTUAL', 80), tell('FORECASTED', 100)],
  });
}
