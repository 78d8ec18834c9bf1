import { OWN_METRICS } from '../observability/metrics.ts';
import { block, text, type Resource } from './document.ts';
import { isThere } from './dimensions.ts';
import { fault, type Fault } from './finding.ts';
import type { Stack } from './stack-view.ts';

/** A metric as a stack names it. */
export interface NamedMetric {
  readonly namespace: string;
  readonly name: string;
  /** The values may be references. */
  readonly dimensions: Readonly<Record<string, string>>;
}

interface OfAws {
  readonly names: readonly string[];
  /** The one dimension of each; `undefined` where the account's sum is there, too. */
  readonly by: readonly (string | undefined)[];
}

/** AWS's own metrics that the stack may name, by namespace; observability/metrics.ts has their pages. */
const OF_AWS: Readonly<Record<string, OfAws>> = {
  'AWS/Lambda': {
    names: ['Errors', 'Invocations', 'Throttles', 'IteratorAge'],
    by: ['FunctionName', undefined],
  },
  'AWS/SQS': { names: ['ApproximateNumberOfMessagesVisible'], by: ['QueueName'] },
  'AWS/States': {
    names: ['ExecutionsFailed', 'ExecutionsTimedOut', 'ExecutionsAborted', 'ExecutionTime'],
    by: ['StateMachineArn'],
  },
  'AWS/ApiGateway': { names: ['5xx', 'Count'], by: ['ApiId'] },
};

/** CloudWatch takes any name, and shows nothing where nobody writes under it. */
export function metricFaults(
  stack: Stack,
  one: Resource,
  verb: 'watches' | 'shows',
  metric: NamedMetric,
): readonly Fault[] {
  const { namespace, name, dimensions } = metric;
  const values = Object.values(dimensions).map((value) => stack.render(value));
  const whose = values.length === 0 ? '' : ` of ${values.join(', ')}`;
  return [
    ...(isMeasured(stack, metric)
      ? []
      : [
          fault(
            one,
            `${verb} ${namespace} ${name}${whose}, which nothing measures`,
            'Name a metric of observability/metrics.ts; one of AWS that is new goes into wholeness/metrics.ts, too.',
          ),
        ]),
    ...Object.entries(dimensions)
      .filter(([dimension, value]) => !isThere(stack, dimension, value))
      .map(([dimension, value]) =>
        fault(
          one,
          `${verb} ${dimension} ${value}, which is not in the stack`,
          'Refer to something of the stack.',
        ),
      ),
  ];
}

function isMeasured(stack: Stack, { namespace, name, dimensions }: NamedMetric): boolean {
  if (namespacesOf(stack).includes(namespace)) {
    return OWN_METRICS[name] !== undefined && OWN_METRICS[name] === dimensions['service'];
  }
  const known = OF_AWS[namespace];
  const [by, ...others] = Object.keys(dimensions);
  return known?.names.includes(name) === true && known.by.includes(by) && others.length === 0;
}

/** Where the functions write metrics of their own. */
function namespacesOf(stack: Stack): readonly string[] {
  return stack
    .ofType('aws_lambda_function')
    .map((lambda) =>
      text(block(block(lambda.arguments['environment'])['variables'])['POWERTOOLS_METRICS_NAMESPACE']),
    );
}
