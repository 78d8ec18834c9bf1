import { EVENT_SOURCES, LISTENERS, type EventType } from '@orderstream/domain';
import { Construct } from 'constructs';
import type { Cache } from './cache.ts';
import type { Config } from '../config/config.ts';
import { Consumer, type Subscription } from './consumer.ts';
import type { PackageOf } from '../functions/functions.ts';
import type { Mail } from './mail.ts';
import type { Network } from './network.ts';
import { allow, type Statement } from '../functions/role.ts';
import type { Search } from './search.ts';
import type { Table } from '../tables/table.ts';
import type { Tables } from '../tables/tables.ts';

export interface ConsumersProps {
  readonly config: Config;
  readonly packageOf: PackageOf;
  readonly accountId: string;
  readonly tables: Tables;
  readonly busName: string;
  readonly mail: Mail;
  /** Absent where neither search nor cache is on. */
  readonly network: Network | undefined;
  readonly search: Search | undefined;
  readonly cache: Cache | undefined;
}

/** A text message goes to a phone number, for which SNS knows no resource; topics, for which it does, are denied. */
const SEND_TEXT_MESSAGES: readonly Statement[] = [
  { Sid: 'SmsKnowsNoResources', ...allow(['sns:Publish'], ['*']) },
  { Sid: 'NoTopics', Effect: 'Deny', Action: ['sns:Publish'], Resource: ['arn:aws:sns:*:*:*'] },
];

/** Everything in the shop that reacts to events on the bus, each on its own. */
export class Consumers extends Construct {
  readonly notifyCustomer: Consumer;
  readonly trackSales: Consumer;
  readonly refreshCache: Consumer | undefined;
  readonly indexProducts: Consumer | undefined;
  /** Those that this deployment has. */
  readonly all: readonly Consumer[];
  readonly #props: ConsumersProps;
  readonly #common: Pick<ConsumersProps, 'config' | 'packageOf' | 'accountId'>;

  constructor(scope: Construct, id: string, props: ConsumersProps) {
    super(scope, id);
    this.#props = props;
    const { config, packageOf, accountId } = props;
    this.#common = { config, packageOf, accountId };
    this.notifyCustomer = this.#notifyCustomer();
    this.trackSales = this.#trackSales();
    this.refreshCache = props.cache === undefined ? undefined : this.#refreshCache(props.cache);
    this.indexProducts = props.search === undefined ? undefined : this.#indexProducts(props.search);
    const { notifyCustomer, trackSales, refreshCache, indexProducts } = this;
    this.all = [notifyCustomer, trackSales, refreshCache, indexProducts].filter((one) => one !== undefined);
  }

  #notifyCustomer(): Consumer {
    const { config, mail, tables } = this.#props;
    const { orders, summaries } = tables;
    const returned: Subscription = {
      suffix: 'returns',
      busName: 'default',
      pattern: {
        source: ['aws.ses'],
        'detail-type': ['Email Bounced', 'Email Complaint Received'],
        // The bus is the account's: other deployments and applications send mail, too.
        detail: { mail: { tags: { 'ses:configuration-set': [mail.configurationSet] } } },
      },
    };
    return new Consumer(this, {
      ...this.#common,
      app: 'notify-customer',
      subscriptions: [this.#events('notify-customer'), returned],
      batchSize: 10,
      batchWindow: 0,
      timeoutSeconds: 30,
      memoryMb: 512,
      environment: {
        ORDERS_TABLE: orders.name,
        SUMMARIES_TABLE: summaries.name,
        MAIL_FROM: mail.from,
        MAIL_CONFIGURATION_SET: mail.configurationSet,
        SHOP_NAME: config.shop.name,
      },
      statements: [
        allow(['dynamodb:GetItem'], [orders.arn]),
        allow(['dynamodb:UpdateItem'], [summaries.arn]),
        mail.send,
        ...SEND_TEXT_MESSAGES,
      ],
    });
  }

  #trackSales(): Consumer {
    const { orders, summaries } = this.#props.tables;
    return new Consumer(this, {
      ...this.#common,
      app: 'track-sales',
      subscriptions: [this.#events('track-sales')],
      batchSize: 10,
      batchWindow: 1,
      timeoutSeconds: 60,
      memoryMb: 1024,
      environment: { ORDERS_TABLE: orders.name, SUMMARIES_TABLE: summaries.name },
      statements: [
        readAndScan(orders),
        allow(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'], [summaries.arn]),
        // A rebuild looks for the generations that are served no longer, and removes them.
        allow(['dynamodb:Scan', 'dynamodb:BatchWriteItem'], [summaries.arn]),
      ],
    });
  }

  #refreshCache({ url }: Cache): Consumer {
    const { orders, products } = this.#props.tables;
    return new Consumer(this, {
      ...this.#common,
      app: 'refresh-cache',
      network: this.#props.network,
      subscriptions: [this.#events('refresh-cache')],
      // More at once would have to wait a second for each other, and readers would meet the old state for longer.
      batchSize: 10,
      batchWindow: 0,
      timeoutSeconds: 30,
      memoryMb: 512,
      environment: { ORDERS_TABLE: orders.name, PRODUCTS_TABLE: products.name, CACHE_URL: url },
      statements: [allow(['dynamodb:BatchGetItem', 'dynamodb:Scan'], [orders.arn, products.arn])],
    });
  }

  #indexProducts(search: Search): Consumer {
    const { products, stock } = this.#props.tables;
    return new Consumer(this, {
      ...this.#common,
      app: 'index-products',
      network: this.#props.network,
      subscriptions: [this.#events('index-products')],
      batchSize: 100,
      batchWindow: 1,
      timeoutSeconds: 30,
      memoryMb: 1024,
      environment: { PRODUCTS_TABLE: products.name, STOCK_TABLE: stock.name, SEARCH_URL: search.url },
      statements: [readAndScan(products), allow(['dynamodb:GetItem'], [stock.arn]), search.index],
    });
  }

  #events(app: keyof typeof LISTENERS): Subscription {
    const types = LISTENERS[app];
    return {
      busName: this.#props.busName,
      pattern: { source: sourcesOf(types), 'detail-type': types },
    };
  }
}

function readAndScan({ arn }: Table): Statement {
  return allow(['dynamodb:GetItem', 'dynamodb:Scan'], [arn]);
}

/** The sources that publish these events: each type begins with what it speaks of. */
function sourcesOf(types: readonly EventType[]): string[] {
  return Object.entries(EVENT_SOURCES)
    .filter(([kind]) => types.some((type) => type.toLowerCase().startsWith(kind)))
    .map(([, source]) => source);
}
