import { referencesIn, text, type Resource } from './document.ts';

/** Stands for any account: all account ids are as long. */
export const ACCOUNT = '123456789012';

/** As long as the parts of a name that AWS makes up. */
const SECRET_SUFFIX = '-AbCdEf';
const STREAM_LABEL = '/stream/2026-01-01T00:00:00.000';
const API_ID = 'a1b2c3d4e5';

/** The argument with the name that AWS knows a resource by, of types where that is not `name`. */
const NAMED_BY: Readonly<Record<string, string>> = {
  aws_lambda_function: 'function_name',
  aws_s3_bucket: 'bucket',
  aws_cloudwatch_metric_alarm: 'alarm_name',
  aws_cloudwatch_dashboard: 'dashboard_name',
  aws_sesv2_email_identity: 'email_identity',
  aws_sesv2_configuration_set: 'configuration_set_name',
  aws_opensearch_domain: 'domain_name',
  aws_elasticache_replication_group: 'replication_group_id',
};

/** The rest of an ARN after region and account, by type; `name` is the resource's own. */
const ARNS: Readonly<Record<string, (name: string, one: Resource) => string>> = {
  aws_lambda_function: (name) => `lambda:@:function:${name}`,
  aws_lambda_event_source_mapping: (_, { id }) => `lambda:@:event-source-mapping:${id}`,
  aws_sqs_queue: (name) => `sqs:@:${name}`,
  aws_sns_topic: (name) => `sns:@:${name}`,
  aws_s3_bucket: (name) => `s3:::${name}`,
  aws_dynamodb_table: (name) => `dynamodb:@:table/${name}`,
  aws_sfn_state_machine: (name) => `states:@:stateMachine:${name}`,
  aws_cloudwatch_event_bus: (name) => `events:@:event-bus/${name}`,
  aws_cloudwatch_event_archive: (name) => `events:@:archive/${name}`,
  aws_cloudwatch_log_group: (name) => `logs:@:log-group:${name}`,
  aws_cloudwatch_metric_alarm: (name) => `cloudwatch:@:alarm:${name}`,
  aws_iam_role: (name) => `iam::${ACCOUNT}:role/${name}`,
  aws_opensearch_domain: (name) => `es:@:domain/${name}`,
  aws_sesv2_email_identity: (name) => `ses:@:identity/${name}`,
  aws_sesv2_configuration_set: (name) => `ses:@:configuration-set/${name}`,
  aws_secretsmanager_secret: (name) => `secretsmanager:@:secret:${name}${SECRET_SUFFIX}`,
};

/** Finds a resource or data source by its address. */
type At = (address: string) => Resource | undefined;

/**
 * Says what references come to on AWS, as far as that is known beforehand: names, ARNs and addresses as they would be in
 * a region and an account. What AWS makes up (an id) becomes something of its own for each resource.
 */
export class Physical {
  readonly #at: At;
  readonly #region: string;

  constructor(at: At, region: string) {
    this.#at = at;
    this.#region = region;
  }

  /** A text with every reference replaced by what it comes to; a dangling one stays. */
  render(value: string): string {
    return referencesIn(value).reduce((rendered, { whole, address, attribute }) => {
      const one = this.#at(address);
      return one === undefined ? rendered : rendered.replaceAll(whole, this.attribute(one, attribute));
    }, value);
  }

  nameOf(one: Resource): string {
    return this.render(text(one.arguments[NAMED_BY[one.type] ?? 'name']));
  }

  arnOf(one: Resource): string {
    const place = `${this.#region}:${ACCOUNT}`;
    if (one.type === 'aws_cloudwatch_event_rule') {
      const bus = this.render(text(one.arguments['event_bus_name']));
      const path = bus === '' || bus === 'default' ? '' : `${bus}/`;
      return `arn:aws:events:${place}:rule/${path}${this.nameOf(one)}`;
    }
    if (one.type === 'aws_lambda_alias') {
      const named = this.render(text(one.arguments['function_name']));
      const ofFunction = named.startsWith('arn:') ? named : `arn:aws:lambda:${place}:function:${named}`;
      return `${ofFunction}:${this.nameOf(one)}`;
    }
    const known = ARNS[one.type]?.(this.nameOf(one), one);
    return `arn:aws:${(known ?? `${one.type}:@:${one.id}`).replace('@', place)}`;
  }

  attribute(one: Resource, attribute: string): string {
    const known = this.#computed(one, attribute);
    if (known !== undefined) return known;
    const given = one.arguments[attribute];
    return typeof given === 'string' || typeof given === 'number'
      ? this.render(String(given))
      : `${one.id}-${attribute}`;
  }

  /** What only AWS, or the provider, says. */
  #computed(one: Resource, attribute: string): string | undefined {
    const region = this.#region;
    switch (attribute) {
      case 'arn':
        return this.arnOf(one);
      case 'account_id':
        return ACCOUNT;
      case 'url':
        return `https://sqs.${region}.amazonaws.com/${ACCOUNT}/${this.nameOf(one)}`;
      case 'stream_arn':
        return `${this.arnOf(one)}${STREAM_LABEL}`;
      case 'invoke_arn':
        return `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${this.arnOf(one)}/invocations`;
      case 'execution_arn':
        return `arn:aws:execute-api:${region}:${ACCOUNT}:${API_ID}-${one.id}`;
      case 'api_endpoint':
        return `https://${API_ID}.execute-api.${region}.amazonaws.com`;
      default:
        return undefined;
    }
  }
}
