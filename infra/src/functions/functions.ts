import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { LambdaAlias } from '@cdktf/provider-aws/lib/lambda-alias';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { AssetType, TerraformAsset } from 'cdktf';
import { Construct } from 'constructs';
import type { Config } from '../config/config.ts';
import type { Network } from '../consumers/network.ts';
import { allow, SEND_TRACES, ServiceRole, type Statement } from './role.ts';

/** Where the functions' own metrics stand in CloudWatch, apart from those of the account's other environments. */
export const metricsNamespace = ({ environment }: Pick<Config, 'environment'>): string =>
  `Orderstream/${environment}`;

/**
 * The alias by which every function is called. A release publishes a version and moves the alias to it; a bad one is
 * rolled back by moving the alias back: docs/operating/rollback.md.
 */
const LIVE = 'live';

/** Finds an app's deployment package (a zip) by the app's name. */
export type PackageOf = (app: string) => string;

export interface AppFunctionProps {
  readonly config: Config;
  readonly packageOf: PackageOf;
  /** The folder's name under apps/. */
  readonly app: string;
  /** `file.export` of its package; `index.handler` unless the app has several. */
  readonly handler?: string | undefined;
  readonly timeoutSeconds: number;
  /** Lambda gives CPU in proportion: 1,769 MB are one whole core. */
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
  /** What the app's own work needs; logs and traces come with every function. */
  readonly statements: readonly Statement[];
  /** The network that the function stands in, for what can be reached only there. */
  readonly network?: Network | undefined;
}

/**
 * An app as a function: its code, its role with only what it needs, its log group, its environment, and the alias that
 * all traffic goes through.
 */
export class AppFunction extends Construct {
  readonly app: string;
  /** ARN of its alias: what mappings, targets, tasks and policies name. */
  readonly arn: string;
  /** The function's own name, without the alias: what logs and metrics go by. */
  readonly name: string;
  /** Its alias's name, for what takes the name beside the function's. It is known once the alias is there. */
  readonly alias: string;
  /** What is given to Lambda's Invoke: the name with the alias. */
  readonly invokeName: string;
  /** The ARN by which API Gateway calls its alias. */
  readonly invokeArn: string;

  constructor(scope: Construct, props: AppFunctionProps) {
    super(scope, props.app);
    const { app, config, network } = props;
    this.app = app;
    const functionName = `${config.prefix}-${app}`;
    const logGroup = new CloudwatchLogGroup(this, 'logs', {
      name: `/aws/lambda/${functionName}`,
      retentionInDays: config.logRetentionDays,
    });
    const writeLogs = allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [`${logGroup.arn}:*`]);
    const role = new ServiceRole(this, 'role', {
      name: functionName,
      service: 'lambda.amazonaws.com',
      statements: [
        ...props.statements,
        ...(network?.statementsFor(functionName) ?? []),
        writeLogs,
        SEND_TRACES,
      ],
    });
    const source = props.packageOf(app);
    const asset = new TerraformAsset(this, 'package', { path: source, type: AssetType.FILE });
    const lambda = new LambdaFunction(this, 'function', {
      functionName,
      role: role.arn,
      runtime: 'nodejs24.x',
      architectures: ['arm64'],
      handler: props.handler ?? 'index.handler',
      filename: asset.path,
      sourceCodeHash: createHash('sha256').update(readFileSync(source)).digest('base64'),
      memorySize: props.memoryMb,
      timeout: props.timeoutSeconds,
      publish: true,
      environment: {
        variables: {
          POWERTOOLS_SERVICE_NAME: app,
          POWERTOOLS_METRICS_NAMESPACE: metricsNamespace(config),
          LOG_LEVEL: config.logLevel,
          // Ten custom metrics are free, and a function has several; an alarm's own metric stays.
          ...(config.preset === 'free-tier' && { POWERTOOLS_METRICS_DISABLED: 'true' }),
          ...props.environment,
        },
      },
      loggingConfig: { logFormat: 'JSON', applicationLogLevel: config.logLevel, logGroup: logGroup.name },
      tracingConfig: { mode: 'Active' },
      ...(network === undefined ? {} : { vpcConfig: network.placement }),
      // Lambda checks some permissions (streams, log groups) when it creates what belongs to a function.
      dependsOn: [role.policy],
    });
    const live = new LambdaAlias(this, LIVE, {
      name: LIVE,
      functionName: lambda.functionName,
      functionVersion: lambda.version,
    });
    this.arn = live.arn;
    this.name = lambda.functionName;
    this.alias = live.name;
    this.invokeName = `${live.functionName}:${live.name}`;
    this.invokeArn = live.invokeArn;
  }
}
