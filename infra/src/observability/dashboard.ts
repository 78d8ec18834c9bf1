import { RUNBOOKS, type Runbook } from './alarm.ts';
import {
  ACCOUNT_THROTTLES,
  apiMetric,
  executionMetric,
  functionMetric,
  ownMetrics,
  waitingMessages,
} from './metrics.ts';
import type { Watched } from './watched.ts';
import { alarmLights, graph, line, placed, text, type Widget } from './widgets.ts';

export interface DashboardProps {
  readonly prefix: string;
  readonly watched: Watched;
  readonly currency: string;
  readonly alarmArns: readonly string[];
  readonly runbookUrl: (runbook: Runbook) => string;
}

/** The ends of an order: track-sales counts each order once, under its own. */
const ENDS = ['SHIPPED', 'REJECTED', 'CANCELLED', 'FAILED'] as const;

/** The body of the dashboard: what the shop does, above what might keep it from doing so. */
export function dashboardBody(props: DashboardProps): string {
  const { watched, alarmArns } = props;
  // Functions of the preset free-tier write no metrics of their own but those that an alarm watches.
  const business = watched.preset === 'free-tier' ? [] : businessGraphs(props);
  const widgets = [
    text(linksOf(props)),
    alarmLights('Alarms', alarmArns),
    ...business,
    ...workflowGraphs(watched),
    ...technicalGraphs(watched),
  ];
  return JSON.stringify({ widgets: placed(widgets) });
}

function businessGraphs({ watched, currency }: DashboardProps): Widget[] {
  const { region } = watched;
  const own = ownMetrics(watched.metricsNamespace);
  return [
    graph({
      title: 'Orders by end',
      region,
      unit: 'orders',
      stacked: true,
      lines: ENDS.map((end) => line(end, own('OrdersEnded', 'Sum', { end }))),
    }),
    graph({
      title: 'Revenue of shipped orders',
      region,
      unit: currency,
      lines: [line('revenue', own('Revenue', 'Sum', { end: 'SHIPPED' }))],
    }),
    graph({
      title: 'Dispatch lag: write to handled, oldest change of a batch',
      region,
      unit: 'ms',
      lines: (['p50', 'p99', 'Maximum'] as const).map((stat) => line(stat, own('DispatchLag', stat))),
    }),
    graph({
      title: 'Payments that came to nothing',
      region,
      unit: 'tries',
      lines: [
        line('declined (business)', own('PaymentDeclined', 'Sum')),
        line('no answer (technical)', own('PaymentGatewayUnavailable', 'Sum')),
        line('refused (a person has to look)', own('PaymentRefusedByProvider', 'Sum')),
      ],
    }),
  ];
}

function workflowGraphs({ region, workflowArn }: Watched): Widget[] {
  return [
    graph({
      title: 'Workflow duration: start to end',
      region,
      unit: 'ms',
      lines: (['p50', 'p99', 'Maximum'] as const).map((stat) =>
        line(stat, executionMetric('ExecutionTime', workflowArn, stat)),
      ),
    }),
    graph({
      title: 'Executions that failed',
      region,
      unit: 'executions',
      lines: (['ExecutionsFailed', 'ExecutionsTimedOut', 'ExecutionsAborted'] as const).map((name) =>
        line(name, executionMetric(name, workflowArn)),
      ),
    }),
  ];
}

function technicalGraphs(watched: Watched): Widget[] {
  const { region, dispatcher, readers, consumers, sweep, apis } = watched;
  const streams = [dispatcher, ...readers];
  return [
    graph({
      title: 'Iterator age: how long changes wait',
      region,
      unit: 'ms',
      lines: streams.map(({ app, functionName }) => line(app, functionMetric('IteratorAge', functionName))),
    }),
    graph({
      title: 'Dead letters',
      region,
      unit: 'messages',
      lines: [
        line('changes', waitingMessages(watched.noticesQueue)),
        ...[...consumers, sweep].map(({ app, deadLetters }) => line(app, waitingMessages(deadLetters.name))),
      ],
    }),
    graph({
      title: 'Errors',
      region,
      unit: 'errors',
      lines: [
        ...[...streams, ...consumers, sweep].map(({ app, functionName }) =>
          line(app, functionMetric('Errors', functionName)),
        ),
        ...apis.map(({ name, id }) => line(`API of the ${name}, 5xx`, apiMetric('5xx', id))),
      ],
    }),
    graph({
      title: 'Throttles of the account',
      region,
      unit: 'invocations',
      lines: [line('throttled', ACCOUNT_THROTTLES)],
    }),
  ];
}

function linksOf({ prefix, watched: { region, workflowArn }, runbookUrl }: DashboardProps): string {
  const console = `https://${region}.console.aws.amazon.com`;
  const executions = `${console}/states/home?region=${region}#/statemachines/view/${workflowArn}`;
  const logs = `${console}/cloudwatch/home?region=${region}#logsV2:logs-insights`;
  return [
    `# ${prefix}`,
    `[Executions of the order workflow](${executions}): an execution bears its order's id.`,
    `[Saved queries](${logs}) of the logs: \`${prefix}/…\`, of which \`${prefix}/one-order\` tells the story of one.`,
    `Runbooks: ${RUNBOOKS.map((name) => `[${name}](${runbookUrl(name)})`).join(' · ')}`,
  ].join('\n\n');
}
