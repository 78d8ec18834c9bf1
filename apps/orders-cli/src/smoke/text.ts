import { table } from '../output.ts';
import type { Late, SmokeReport, Spread } from './run.ts';
import type { SmokeTarget } from './target.ts';

/** The report as a person reads it: figures, then whatever stands still and what to do about it. */
export function smokeText(report: SmokeReport, where: SmokeTarget['where']): string {
  const { orders, shipped, late, unsent, kept, keptOfEarlier } = report;
  const lines = [
    table([
      ['shipped', `${shipped} of ${orders}`],
      ['write → start', spreadText(report.writeToStart)],
      ['write → shipped', spreadText(report.writeToShipped)],
    ]),
    ...late.map((each) => lateText(each, where)),
    ...unsent.map(
      ({ orderId, mail }) =>
        `${orderId} shipped and is removed, but no mail said so: it is ${mail}. Read the log of notify-customer.`,
    ),
    ...kept.map(
      ({ orderId, why, kind }) =>
        `${orderId} shipped, but could not be removed: ${why}. ${kind === 'unheard' ? DLQ : LATER}`,
    ),
    ...keptOfEarlier.map(({ orderId, why }) => `${orderId} of an earlier run stays: ${why}. ${LATER}`),
  ];
  return lines.join('\n');
}

const DLQ = 'See what waits: orders dlq list';
const LATER = 'A later run looks again.';

function spreadText(spread: Spread | null): string {
  return spread === null ? 'none' : `p50 ${spread.p50} ms, p99 ${spread.p99} ms`;
}

function lateText({ orderId, status, cause, execution }: Late, where: SmokeTarget['where']): string {
  const stands = `${orderId} is ${status}${cause === undefined ? '' : ` (${cause})`}, its execution ${execution.status}`;
  if (execution.status === 'none')
    return `${stands}: nobody has started it. Is dispatching paused (orders resume)? ${DLQ}`;
  return `${stands}. Look at it: ${where === 'local' ? `orders trace ${orderId}` : consoleLink(execution.arn)}`;
}

/** Where the console of Step Functions shows an execution. */
function consoleLink(arn: string): string {
  const [, , , region = ''] = arn.split(':');
  return `https://${region}.console.aws.amazon.com/states/home?region=${region}#/v2/executions/details/${arn}`;
}
