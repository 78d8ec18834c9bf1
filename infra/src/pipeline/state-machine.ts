import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { SfnStateMachine } from '@cdktf/provider-aws/lib/sfn-state-machine';
import { Construct } from 'constructs';
import type { Config } from '../config/config.ts';
import { allow, SEND_TRACES, ServiceRole, type Statement } from '../functions/role.ts';
import { orderWorkflow, type StageApp } from './workflow.ts';

/** Log delivery is set up account-wide: these actions know no resource, so `*` is the narrowest there is. */
const DELIVER_LOGS: Statement = {
  Sid: 'LogDeliveryKnowsNoResources',
  ...allow(
    [
      'logs:CreateLogDelivery',
      'logs:GetLogDelivery',
      'logs:UpdateLogDelivery',
      'logs:DeleteLogDelivery',
      'logs:ListLogDeliveries',
      'logs:PutResourcePolicy',
      'logs:DescribeResourcePolicies',
      'logs:DescribeLogGroups',
    ],
    ['*'],
  ),
};

/** Sampling rules belong to the account: X-Ray knows no resource for reading them. */
const SAMPLE_TRACES: Statement = {
  Sid: 'XRaySamplingKnowsNoResources',
  ...allow(['xray:GetSamplingRules', 'xray:GetSamplingTargets'], ['*']),
};

export interface StateMachineProps {
  readonly config: Config;
  readonly accountId: string;
  /** ARNs of the functions that work for the workflow. */
  readonly functionArns: Readonly<Record<StageApp, string>>;
}

/** The order workflow as a Standard state machine: exactly one execution an order, its whole history in the console. */
export class StateMachine extends Construct {
  readonly arn: string;
  /** Stands for all of its executions in a policy. */
  readonly executionsArn: string;

  constructor(scope: Construct, id: string, { config, accountId, functionArns }: StateMachineProps) {
    super(scope, id);
    const name = `${config.prefix}-order-workflow`;
    const logGroup = new CloudwatchLogGroup(this, 'logs', {
      name: `/aws/vendedlogs/states/${name}`,
      retentionInDays: config.logRetentionDays,
    });
    const role = new ServiceRole(this, 'role', {
      name,
      service: 'states.amazonaws.com',
      conditions: {
        StringEquals: { 'aws:SourceAccount': accountId },
        ArnEquals: { 'aws:SourceArn': `arn:aws:states:${config.region}:${accountId}:stateMachine:${name}` },
      },
      statements: [
        allow(['lambda:InvokeFunction'], Object.values(functionArns)),
        DELIVER_LOGS,
        SEND_TRACES,
        SAMPLE_TRACES,
      ],
    });
    const machine = new SfnStateMachine(this, 'machine', {
      name,
      type: 'STANDARD',
      roleArn: role.arn,
      definition: JSON.stringify(orderWorkflow((app) => functionArns[app])),
      // Inputs and causes stay out of the log: the execution's history shows them to whoever may read it.
      loggingConfiguration: {
        level: 'ERROR',
        includeExecutionData: false,
        logDestination: `${logGroup.arn}:*`,
      },
      tracingConfiguration: { enabled: true },
      dependsOn: [role.policy],
    });
    this.arn = machine.arn;
    this.executionsArn = `arn:aws:states:${config.region}:${accountId}:execution:${name}:*`;
  }
}
