import { arn } from '../arns.ts';
import { inertType } from '../resource-type.ts';

const NO_METRICS = 'metrics are not shown here; alarms run';
const NO_FILTERS = 'no metrics are made of log lines here, but for those in the embedded metric format';
const NO_LOG_SERVICE = "functions' logs are kept by the local cloud itself";

/** What watches the stack on AWS and has nothing to watch here. */
export const observabilityTypes = [
  inertType('aws_cloudwatch_log_group', NO_LOG_SERVICE, 'name', (name, place) => ({
    id: name,
    arn: arn('logs', `log-group:${name}`, place),
  })),
  inertType('aws_cloudwatch_log_resource_policy', NO_LOG_SERVICE, 'policy_name', (policy_name) => ({
    id: policy_name,
  })),
  inertType('aws_cloudwatch_log_metric_filter', NO_FILTERS, 'name', (name) => ({ id: name })),
  inertType('aws_cloudwatch_query_definition', NO_LOG_SERVICE, 'name', (name) => ({ id: name })),
  inertType('aws_cloudwatch_dashboard', NO_METRICS, 'dashboard_name', (dashboard_name, place) => ({
    id: dashboard_name,
    dashboard_arn: `arn:aws:cloudwatch::${place.accountId}:dashboard/${dashboard_name}`,
  })),
];
