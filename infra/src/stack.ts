import { CloudwatchEventBus } from '@cdktf/provider-aws/lib/cloudwatch-event-bus';
import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { LocalBackend, TerraformOutput, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { CustomerApi } from './api.ts';
import type { Config } from './config.ts';
import { DeadLetters } from './dead-letters.ts';
import { Dispatcher } from './dispatcher.ts';
import type { PackageOf } from './functions.ts';
import { Stages } from './stages.ts';
import { StateMachine } from './state-machine.ts';
import { Tables } from './tables.ts';

/** Also the folder's name: `cdktf.out/stacks/orderstream`. */
export const STACK_ID = 'orderstream';

/** The whole platform: tables, what reacts to their changes, and the customers' API. */
export class OrderstreamStack extends TerraformStack {
  constructor(scope: Construct, config: Config, packageOf: PackageOf) {
    super(scope, STACK_ID);
    // Relative to the stack's folder, so that the state lies beside cdktf.json and outlives cdktf.out.
    new LocalBackend(this, { path: `../../../terraform.${config.prefix}.tfstate` });
    new AwsProvider(this, 'aws', {
      region: config.region,
      defaultTags: [{ tags: { project: 'orderstream', environment: config.environment } }],
    });
    const { accountId } = new DataAwsCallerIdentity(this, 'identity');

    const tables = new Tables(this, 'tables', config);
    const deadLetters = new DeadLetters(this, 'dead-letters', { config, accountId });
    const bus = new CloudwatchEventBus(this, 'bus', { name: config.prefix });
    const stages = new Stages(this, 'stages', { config, packageOf, tables });
    const workflow = new StateMachine(this, 'workflow', {
      config,
      accountId,
      functionArns: stages.functionArns,
    });
    new Dispatcher(this, 'dispatcher', {
      config,
      packageOf,
      tables,
      workflowArn: workflow.arn,
      bus,
      deadLetters,
    });
    const api = new CustomerApi(this, 'customers', { config, packageOf, tables });

    this.#output({
      api_url: api.url,
      orders_table: tables.orders.name,
      products_table: tables.products.name,
      stock_table: tables.stock.name,
      allocations_table: tables.allocations.name,
      ledger_table: tables.ledger.name,
      event_bus: bus.name,
      workflow_arn: workflow.arn,
      dead_letter_bucket: deadLetters.bucket.name,
    });
  }

  /** What the command line reads to find a deployment. */
  #output(values: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(values)) new TerraformOutput(this, name, { value });
  }
}
