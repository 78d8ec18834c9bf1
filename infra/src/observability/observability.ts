import { CloudwatchDashboard } from '@cdktf/provider-aws/lib/cloudwatch-dashboard';
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { CloudwatchQueryDefinition } from '@cdktf/provider-aws/lib/cloudwatch-query-definition';
import { Construct } from 'constructs';
import type { Config } from '../config/config.ts';
import { Alarm, type Ringing, type Runbook } from './alarm.ts';
import { AlarmTopic } from './alarm-topic.ts';
import { alarmsOf } from './alarms.ts';
import { makeBudget } from './budget.ts';
import { dashboardBody } from './dashboard.ts';
import { savedQueries } from './queries.ts';
import type { Watched } from './watched.ts';

export interface ObservabilityProps {
  readonly config: Config;
  readonly accountId: string;
  readonly watched: Watched;
}

/** All that tells people how the stack does: alarms and who hears them, the budget, the dashboard, the saved queries. */
export class Observability extends Construct {
  /** Where alarms are told. */
  readonly topicArn: string;

  constructor(scope: Construct, id: string, { config, accountId, watched }: ObservabilityProps) {
    super(scope, id);
    const { prefix } = config;
    const topic = new AlarmTopic(this, 'topic', { config, accountId });
    this.topicArn = topic.arn;
    const runbookUrl = (runbook: Runbook) => `${config.alarms.runbooks}/${runbook}.md`;
    const ringing: Ringing = { prefix, topicArn: topic.arn, runbookUrl };
    const alarms = alarmsOf(watched).map((props) => new Alarm(this, props, ringing));
    makeBudget(this, config, topic);
    new CloudwatchDashboard(this, 'dashboard', {
      dashboardName: prefix,
      dashboardBody: dashboardBody({
        prefix,
        watched,
        currency: config.currency,
        alarmArns: alarms.map(({ arn }) => arn),
        runbookUrl,
      }),
    });
    for (const { name, functionNames, lines } of savedQueries(watched)) {
      new CloudwatchQueryDefinition(this, `query-${name}`, {
        name: `${prefix}/${name}`,
        queryString: lines.join('\n| '),
        logGroupNames: functionNames?.map((one) => `/aws/lambda/${one}`) ?? this.#logGroupNames(),
      });
    }
  }

  /** Every log that tells of orders: those of all functions, and of the workflow. */
  #logGroupNames(): string[] {
    return this.node.root.node
      .findAll()
      .filter((one) => one instanceof CloudwatchLogGroup)
      .filter(({ nameInput }) => /^\/aws\/(lambda|vendedlogs\/states)\//.test(nameInput ?? ''))
      .map(({ name }) => name);
  }
}
