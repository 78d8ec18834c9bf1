import type { AlarmProps } from './alarm.ts';
import {
  ACCOUNT_THROTTLES,
  apiMetric,
  executionMetric,
  functionMetric,
  ownMetrics,
  waitingMessages,
} from './metrics.ts';
import type { Watched, WatchedConsumer, WatchedFunction } from './watched.ts';

const MINUTE = 60;
const FIVE_MINUTES = 5 * MINUTE;
/** From one run of sweep-orders to the next. */
const SWEEP = 15 * MINUTE;

/** A single bad stretch of five minutes passes by itself; a second one within a quarter of an hour does not. */
const LASTING = { seconds: FIVE_MINUTES, periods: [2, 3] } as const;
/** The sweeps are not to the second: two of its periods never lie without one. */
const BY_SWEEP = { seconds: SWEEP, periods: [1, 2] } as const;

/**
 * Every alarm of the stack but the budget's, which is no metric's. In the preset `free-tier` they watch ten metrics at
 * most, which are always free: what another alarm tells of a little later is left out there.
 */
export function alarmsOf(watched: Watched): readonly AlarmProps[] {
  const isFree = watched.preset === 'free-tier';
  const { dispatcher, readers, consumers, sweep, apis } = watched;
  const own = ownMetrics(watched.metricsNamespace);
  return [
    // Sweeps that fail are missing, too.
    ...deadLetters(watched.noticesQueue, isFree ? consumers : [...consumers, sweep]),
    failedExecutions(watched.workflowArn, isFree),
    lateDispatcher(dispatcher),
    ...(isFree ? [] : readers.map(lateReader)),
    ...(isFree ? [] : [dispatcher, ...readers, ...consumers].map(functionErrors)),
    ...apis.slice(0, isFree ? 1 : apis.length).map((api) => apiErrors(api, isFree)),
    {
      name: 'throttles',
      runbook: 'throttles',
      what: 'Lambda lets functions wait: the account runs as many at once as it may. Orders get slower.',
      measured: ACCOUNT_THROTTLES,
      above: 0,
      ...LASTING,
    },
    {
      name: 'sweeps-missing',
      runbook: 'sweeps-missing',
      what: 'No sweep has come to its end for over 45 minutes: nobody looks after orders that stand still, and the alarms orders-stuck and dispatch-paused are blind.',
      measured: own('Sweeps', 'Sum'),
      above: 'silence',
      seconds: SWEEP,
      // One that fails is not missed: the next one does its work.
      periods: [3, 3],
    },
    {
      name: 'orders-stuck',
      runbook: 'orders-stuck',
      what: 'Orders stand still and a person should look at them: the log of sweep-orders names each, and why.',
      measured: own('OrdersReported', 'Maximum'),
      above: 0,
      ...BY_SWEEP,
    },
    {
      name: 'dispatch-paused',
      runbook: 'dispatch-paused',
      what: 'Changes are not brought to the dispatcher: new orders wait in their stream, which keeps them for a day.',
      measured: own('DispatchPaused', 'Maximum'),
      above: 0,
      ...BY_SWEEP,
    },
    ...(isFree ? [] : [paymentFailures(own)]),
  ];
}

/** In the free tier left to the executions that fail of it: the metric would come with all others of its function. */
const paymentFailures = (own: ReturnType<typeof ownMetrics>): AlarmProps => ({
  name: 'payment-failures',
  runbook: 'payment-failures',
  what: 'The payment provider does not answer, or not as agreed. Declined payments are not meant.',
  measured: { sum: [own('PaymentGatewayUnavailable', 'Sum'), own('PaymentRefusedByProvider', 'Sum')] },
  // A few times it may happen, and every try counts.
  above: 10,
  seconds: FIVE_MINUTES,
});

function deadLetters(noticesQueue: string, consumers: readonly WatchedConsumer[]): AlarmProps[] {
  const atFirstMessage = { runbook: 'dead-letters', above: 0, seconds: MINUTE } as const;
  return [
    {
      name: 'dead-letters',
      what: 'A change could not be handled and waits as a dead letter: find the cause, then redrive it. The alarm ends after 14 days, the letter after 90.',
      measured: waitingMessages(noticesQueue),
      ...atFirstMessage,
    },
    ...consumers.map(({ app, deadLetters }) => ({
      name: `${app}-dead-letters`,
      what: `What ${app} was to handle failed and waits as a dead letter: find the cause, then redrive it.`,
      measured: waitingMessages(deadLetters.name),
      ...atFirstMessage,
    })),
  ];
}

function failedExecutions(workflowArn: string, isFree: boolean): AlarmProps {
  const failed = executionMetric('ExecutionsFailed', workflowArn);
  const stopped = (['ExecutionsTimedOut', 'ExecutionsAborted'] as const).map((name) =>
    executionMetric(name, workflowArn),
  );
  return {
    name: 'failed-executions',
    runbook: 'failed-executions',
    what: 'An order ended FAILED, its compensation could not be completed, or its execution was stopped: look at the execution.',
    // Stopped by hand, and nothing else stops it: sweep-orders finds its order, too.
    measured: isFree ? failed : { sum: [failed, ...stopped] },
    above: 0,
    seconds: MINUTE,
  };
}

function lateDispatcher({ app, functionName }: WatchedFunction): AlarmProps {
  return {
    name: `iterator-age-${app}`,
    runbook: 'iterator-age',
    what: 'Changes wait longer than five minutes for the dispatcher: orders start late.',
    measured: functionMetric('IteratorAge', functionName),
    above: 5 * MINUTE * 1000,
    seconds: FIVE_MINUTES,
  };
}

function lateReader({ app, functionName }: WatchedFunction): AlarmProps {
  return {
    name: `iterator-age-${app}`,
    runbook: 'iterator-age',
    what: `Changes wait longer than an hour for ${app}. Nobody waits for it, but a stream keeps them for a day only.`,
    measured: functionMetric('IteratorAge', functionName),
    above: 60 * MINUTE * 1000,
    seconds: FIVE_MINUTES,
  };
}

/** Not of the workflow's functions: a declined payment is an error that they throw on purpose. */
function functionErrors({ app, functionName }: WatchedFunction): AlarmProps {
  return {
    name: `function-errors-${app}`,
    runbook: 'function-errors',
    what: `More than a tenth of the invocations of ${app} fail. What they had to handle comes again.`,
    measured: {
      share: functionMetric('Errors', functionName),
      of: functionMetric('Invocations', functionName),
    },
    above: 10,
    ...LASTING,
  };
}

function apiErrors({ name, id }: Watched['apis'][number], isFree: boolean): AlarmProps {
  const failed = apiMetric('5xx', id);
  return {
    name: `api-errors-${name}`,
    runbook: 'api-errors',
    what: `The API of the ${name} answers ${isFree ? 'again and again' : 'more than one request in twenty'} that something is wrong with it (5xx).`,
    measured: isFree ? failed : { share: failed, of: apiMetric('Count', id) },
    above: 5,
    ...LASTING,
  };
}
