import { isRecord, type Resource } from './document.ts';
import { fault, type Rule } from './finding.ts';

/** What has to be switched on, by type: where the switch is, and what is wrong without it. */
const SWITCHES: readonly (readonly [type: string, path: readonly string[], otherwise: string])[] = [
  ['aws_dynamodb_table', ['point_in_time_recovery', 'enabled'], 'cannot be restored'],
  ['aws_dynamodb_table', ['server_side_encryption', 'enabled'], 'is not encrypted'],
  ['aws_sqs_queue', ['sqs_managed_sse_enabled'], 'is not encrypted'],
  ['aws_opensearch_domain', ['encrypt_at_rest', 'enabled'], 'is not encrypted'],
  ['aws_elasticache_replication_group', ['at_rest_encryption_enabled'], 'is not encrypted'],
];

/** Tables can be restored, what is stored is encrypted, and logs are not kept for ever. */
export const stored: Rule = {
  name: 'what is stored is safe, and logs end',
  check: (stack) => [
    ...SWITCHES.flatMap(([type, path, otherwise]) =>
      stack
        .ofType(type)
        .filter((one) => !isOn(one, path))
        .map((one) => fault(one, otherwise, `Set ${path.join('.')} to true.`)),
    ),
    ...stack
      .ofType('aws_cloudwatch_log_group')
      .filter((group) => !(Number(group.arguments['retention_in_days']) > 0))
      .map((group) => fault(group, 'is kept for ever', 'Give it retention_in_days.')),
  ],
};

/** Whether an argument, or one in a block, is true; the provider has switches that are texts. */
function isOn(one: Resource, path: readonly string[]): boolean {
  const value = path.reduce<unknown>((at, name) => (isRecord(at) ? at[name] : undefined), one.arguments);
  return String(value) === 'true';
}
