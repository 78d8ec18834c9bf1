import { type Access, type Place, type Rows, TAGGING, arn, of } from './access.ts';

/** Functions, APIs and state machines log under paths of AWS's choosing that end in the name. */
const logGroups = (place: Place) => [
  arn(place, 'logs', `log-group:/aws/*${place.prefix}-*`),
  arn(place, 'logs', `log-group:${place.prefix}-*`),
];

const alarms = (place: Place): readonly Access[] => [
  {
    resources: [arn(place, 'cloudwatch', `alarm:${place.prefix}-*`)],
    read: of('cloudwatch', 'ListTagsForResource'),
    write: of('cloudwatch', 'PutMetricAlarm', 'DeleteAlarms', ...TAGGING),
  },
  { resources: [arn(place, 'cloudwatch', 'alarm:*')], read: of('cloudwatch', 'DescribeAlarms') },
];

/** Logs, alarms, dashboards and budgets. */
export const WATCHING_ROWS: Rows = {
  aws_cloudwatch_log_group: (place) => [
    {
      resources: logGroups(place),
      read: of('logs', 'ListTagsForResource'),
      write: of(
        'logs',
        ...['CreateLogGroup', 'DeleteLogGroup', 'PutRetentionPolicy', 'DeleteRetentionPolicy', ...TAGGING],
      ),
    },
    { resources: [arn(place, 'logs', 'log-group:*')], read: of('logs', 'DescribeLogGroups') },
  ],
  // CloudWatch Logs knows no resources for saved queries.
  aws_cloudwatch_query_definition: () => [
    {
      resources: ['*'],
      read: of('logs', 'DescribeQueryDefinitions'),
      write: of('logs', 'PutQueryDefinition', 'DeleteQueryDefinition'),
    },
  ],
  aws_cloudwatch_metric_alarm: alarms,
  aws_cloudwatch_dashboard: (place) => [
    {
      resources: [`arn:aws:cloudwatch::${place.account}:dashboard/${place.prefix}*`],
      read: of('cloudwatch', 'GetDashboard'),
      write: of('cloudwatch', 'PutDashboard', 'DeleteDashboards'),
    },
  ],
  aws_budgets_budget: (place) => [
    {
      resources: [`arn:aws:budgets::${place.account}:budget/${place.prefix}*`],
      read: of('budgets', 'ViewBudget', 'ListTagsForResource'),
      write: of('budgets', 'ModifyBudget', ...TAGGING),
    },
  ],
};
