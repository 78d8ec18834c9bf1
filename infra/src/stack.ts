import { CloudwatchEventArchive } from '@cdktf/provider-aws/lib/cloudwatch-event-archive';
import { CloudwatchEventBus } from '@cdktf/provider-aws/lib/cloudwatch-event-bus';
import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformOutput, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { Archive } from './tables/archive.ts';
import { boundRoles } from './functions/boundary.ts';
import { Cache } from './consumers/cache.ts';
import { addBackend } from './config/backend.ts';
import type { Config } from './config/config.ts';
import { Consumers } from './consumers/consumers.ts';
import { CustomerApi } from './api/customer-api.ts';
import { DeadLetters } from './pipeline/dead-letters.ts';
import { Dispatcher } from './pipeline/dispatcher.ts';
import { metricsNamespace, type AppFunction, type PackageOf } from './functions/functions.ts';
import { Mail } from './consumers/mail.ts';
import { Network } from './consumers/network.ts';
import { Observability } from './observability/observability.ts';
import type { WatchedFunction } from './observability/watched.ts';
import { Search } from './consumers/search.ts';
import { StaffApi } from './api/staff-api.ts';
import { Stages } from './pipeline/stages.ts';
import { StateMachine } from './pipeline/state-machine.ts';
import { StreamReaders } from './consumers/stream-readers.ts';
import { Sweep } from './pipeline/sweep.ts';
import { Tables } from './tables/tables.ts';

/** Also the folder's name: `cdktf.out/stacks/orderstream`. */
export const STACK_ID = 'orderstream';

/** The whole platform: tables, what reacts to their changes, and the APIs of customers and staff. */
export class OrderstreamStack extends TerraformStack {
  constructor(scope: Construct, config: Config, packageOf: PackageOf) {
    super(scope, STACK_ID);
    addBackend(this, config);
    new AwsProvider(this, 'aws', {
      region: config.region,
      defaultTags: [
        {
          tags: { project: 'orderstream', environment: config.environment, 'managed-by': 'terraform' },
        },
      ],
    });
    const { accountId } = new DataAwsCallerIdentity(this, 'identity');
    boundRoles(this, accountId, config.permissionsBoundary);

    const tables = new Tables(this, 'tables', config);
    const deadLetters = new DeadLetters(this, 'dead-letters', { config, accountId });
    const archive = new Archive(this, 'archive', { config, accountId });
    const bus = new CloudwatchEventBus(this, 'bus', { name: config.prefix });
    const history = new CloudwatchEventArchive(this, 'event-archive', {
      name: config.prefix,
      eventSourceArn: bus.arn,
      retentionDays: config.eventRetentionDays,
    });
    const stages = new Stages(this, 'stages', { config, packageOf, tables });
    const workflow = new StateMachine(this, 'workflow', {
      config,
      accountId,
      functionArns: stages.functionArns,
    });
    const dispatcher = new Dispatcher(this, 'dispatcher', {
      config,
      packageOf,
      tables,
      workflowArn: workflow.arn,
      bus,
      deadLetters,
    });
    const sweep = new Sweep(this, 'sweep', { config, packageOf, accountId, tables, workflow, dispatcher });
    const readers = new StreamReaders(this, 'readers', {
      config,
      packageOf,
      tables,
      archive,
      deadLetters,
    });

    const read = readModels(this, { config, accountId, tables });
    const mail = new Mail(this, 'mail', { config, accountId });
    const consumers = new Consumers(this, 'consumers', {
      config,
      packageOf,
      accountId,
      tables,
      busName: bus.name,
      mail,
      ...read,
    });
    // Resources are written in the order of these ids, and the local cloud gives out ports in that order.
    const customers = new CustomerApi(this, 'customers', { config, packageOf, tables, ...read });
    const staff = new StaffApi(this, 'staff', {
      config,
      packageOf,
      tables,
      workflow,
      deadLetters,
      dispatcher,
      readers,
      consumers,
      sweep,
    });

    new Observability(this, 'observability', {
      config,
      accountId,
      watched: {
        preset: config.preset,
        region: config.region,
        metricsNamespace: metricsNamespace(config),
        workflowArn: workflow.arn,
        noticesQueue: deadLetters.notices.name,
        dispatcher: watchedFunction(dispatcher.lambda),
        readers: [readers.archiveChanges, readers.trackActivity].map(watchedFunction),
        consumers: consumers.all,
        sweep,
        apis: [
          { name: 'customers', id: customers.apiId },
          { name: 'staff', id: staff.apiId },
        ],
      },
    });

    this.#output({
      api_url: customers.url,
      staff_api_url: staff.url,
      orders_table: tables.orders.name,
      products_table: tables.products.name,
      stock_table: tables.stock.name,
      allocations_table: tables.allocations.name,
      ledger_table: tables.ledger.name,
      activity_table: tables.activity.name,
      summaries_table: tables.summaries.name,
      event_bus: bus.name,
      event_archive: history.name,
      workflow_arn: workflow.arn,
      currency: config.currency,
      payment_gateway: config.paymentGateway,
      dead_letter_bucket: deadLetters.bucket.name,
      archive_bucket: archive.bucket.name,
      notify_customer_function: consumers.notifyCustomer.invokeName,
      track_sales_function: consumers.trackSales.invokeName,
      refresh_cache_function: consumers.refreshCache?.invokeName,
      index_products_function: consumers.indexProducts?.invokeName,
    });
  }

  /** What the command line reads to find a deployment; what is switched off has no output. */
  #output(values: Readonly<Record<string, string | undefined>>): void {
    for (const [name, value] of Object.entries(values)) {
      if (value !== undefined) new TerraformOutput(this, name, { value });
    }
  }
}

function watchedFunction({ app, name }: AppFunction): WatchedFunction {
  return { app, functionName: name };
}

interface ReadModels {
  readonly network: Network | undefined;
  readonly search: Search | undefined;
  readonly cache: Cache | undefined;
}

/** Search and cache as far as they are on, and the network that only they need. */
function readModels(
  scope: Construct,
  { config, accountId, tables }: { config: Config; accountId: string; tables: Tables },
): ReadModels {
  if (!config.search && !config.cache) return { network: undefined, search: undefined, cache: undefined };
  const { orders, products, stock, activity } = tables;
  const reached = [orders.arn, orders.indexArn('byCustomer'), products.arn, stock.arn, activity.arn];
  const network = new Network(scope, 'network', { config, accountId, reached });
  return {
    network,
    search: config.search ? new Search(scope, 'search', { config, accountId, network }) : undefined,
    cache: config.cache ? new Cache(scope, 'cache', { config, network }) : undefined,
  };
}
