import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { AssetType, TerraformAsset } from 'cdktf';
import { Construct } from 'constructs';
import type { Config } from '../config/config.ts';
import type { Network } from '../consumers/network.ts';
import { allow, SEND_TRACES, ServiceRole, type Statement } from './role.ts';

/** Where the functions' own metrics stand in CloudWatch, by the dimension `service`: the app. */
export const METRICS_NAMESPACE = 'Orderstream';

/** Finds an app's deployment package (a zip) by the app's name. */
export type PackageOf = (app: string) => string;

export interface AppFunctionProps {
  readonly config: Config;
  readonly packageOf: PackageOf;
  /** The folder's name under apps/. */
  readonly app: string;
  readonly timeoutSeconds: number;
  /** Lambda gives CPU in proportion: 1,769 MB are one whole core. */
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
  /** What the app's own work needs; logs and traces come with every function. */
  readonly statements: readonly Statement[];
  /** The network that the function stands in, for what can be reached only there. */
  readonly network?: Network | undefined;
}

/** An app as a function: its code, its role with only what it needs, its log group, its environment. */
export class AppFunction extends Construct {
  readonly app: string;
  readonly arn: string;
  readonly name: string;
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
      handler: 'index.handler',
      filename: asset.path,
      sourceCodeHash: createHash('sha256').update(readFileSync(source)).digest('base64'),
      memorySize: props.memoryMb,
      timeout: props.timeoutSeconds,
      environment: {
        variables: {
          POWERTOOLS_SERVICE_NAME: app,
          POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
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
    this.arn = lambda.arn;
    this.name = lambda.functionName;
    this.invokeArn = lambda.invokeArn;
  }
}
