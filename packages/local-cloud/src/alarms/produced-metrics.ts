/** What is produced here of a namespace. */
interface Produced {
  readonly metrics: readonly string[];
  /** The sets of dimensions under which it is produced. */
  readonly dimensions: readonly string[][];
}

/** Metrics of AWS's that are produced here. Those of any namespace that is not AWS's come from the functions' logs. */
const PRODUCED: Readonly<Record<string, Produced>> = {
  'AWS/Lambda': {
    metrics: ['Invocations', 'Errors', 'Throttles', 'IteratorAge'],
    dimensions: [['FunctionName'], []],
  },
  'AWS/SQS': { metrics: ['ApproximateNumberOfMessagesVisible'], dimensions: [['QueueName']] },
  'AWS/States': {
    metrics: [
      'ExecutionsStarted',
      'ExecutionsSucceeded',
      'ExecutionsFailed',
      'ExecutionsTimedOut',
      'ExecutionsAborted',
    ],
    dimensions: [['StateMachineArn']],
  },
  'AWS/ApiGateway': { metrics: ['Count', '4xx', '5xx'], dimensions: [['ApiId']] },
};

/** Why an alarm on a metric of this namespace can't ring here; undefined for one that can. */
export function unproduced(namespace: string): string | undefined {
  if (!namespace.startsWith('AWS/') || Object.hasOwn(PRODUCED, namespace)) return undefined;
  return `metrics of ${namespace} are not produced here: this alarm can't ring`;
}

/** What is wrong with a metric that would never be produced here; undefined where nothing is. */
export function metricProblem(
  namespace: string,
  name: string,
  dimensions: readonly string[],
): string | undefined {
  const produced = Object.hasOwn(PRODUCED, namespace) ? PRODUCED[namespace] : undefined;
  if (!produced) return undefined;
  if (!produced.metrics.includes(name))
    return `metric ${name} of ${namespace} is not produced here. Choose from ${produced.metrics.join(', ')}`;
  const given = [...dimensions].sort().join(', ');
  if (produced.dimensions.some((names) => names.join(', ') === given)) return undefined;
  const sets = produced.dimensions.map((names) => names.join(', ') || 'none');
  return `metrics of ${namespace} are not produced by dimensions ${given || '(none)'} here, but by ${sets.join(' or ')}`;
}
