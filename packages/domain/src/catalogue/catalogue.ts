import { toJSONSchema, type core } from 'zod';
import type * as z from 'zod/mini';
import { anOrder } from '../an-order.fixture.ts';
import { readChange, type ItemChange } from '../change.ts';
import {
  EVENT_SOURCES,
  ORDER_EVENTS,
  PRODUCT_EVENTS,
  STOCK_EVENTS,
  type EventType,
  type OrderEventType,
} from '../event-names.ts';
import { orderEventSchema, productEventSchema, stockEventSchema, type DomainEvent } from '../events.ts';
import type { OrderStatus } from '../status.ts';
import { LISTENERS } from '../listeners.ts';
import { FIELD_MEANINGS, OCCASIONS } from './meanings.ts';

/** The events of one kind of item. */
interface Family {
  readonly title: string;
  readonly source: string;
  readonly types: readonly EventType[];
  readonly schema: z.ZodMiniType;
  readonly example: EventType;
}

const FAMILIES: readonly Family[] = [
  {
    title: 'Orders',
    source: EVENT_SOURCES.order,
    types: ORDER_EVENTS,
    schema: orderEventSchema,
    example: 'OrderPaid',
  },
  {
    title: 'Products',
    source: EVENT_SOURCES.product,
    types: PRODUCT_EVENTS,
    schema: productEventSchema,
    example: 'ProductChanged',
  },
  {
    title: 'Stock',
    source: EVENT_SOURCES.stock,
    types: STOCK_EVENTS,
    schema: stockEventSchema,
    example: 'StockLow',
  },
];

/** The event catalogue, a Markdown page: every event with its occasion, who listens, its sentence and its fields. */
export function eventCatalogue(): string {
  const parts = [
    '# Events',
    'Made from the schemas by `npm run docs`; a test fails when it is stale.',
    'Every event goes to the deployment’s one bus. Consumers take it by `source` and `detail-type`, may get it twice and in any ' +
      'order, and leave out fields that they do not know. No event holds a mail address, a name, a street or a payment token: ' +
      'who needs those reads the order.',
    ...FAMILIES.map(familyPart),
  ];
  return `${parts.join('\n\n')}\n`;
}

function familyPart({ title, source, types, schema, example }: Family): string {
  const events = [
    ['event', 'published when', 'listened to by', 'its sentence'],
    ...types.map((type) => [`\`${type}\``, OCCASIONS[type], listeners(type), exampleOf(type).message]),
  ];
  const fields = [
    ['field', 'type', 'what it says'],
    ...fieldsOf(toJSONSchema(schema)).map(({ path, type, optional }) => [
      `\`${path}\`${optional ? '?' : ''}`,
      type,
      FIELD_MEANINGS[path] ?? '',
    ]),
  ];
  const sample = JSON.stringify(exampleOf(example), null, 2);
  return [
    `## ${title}`,
    `Source \`${source}\`.`,
    table(events),
    table(fields),
    `\`\`\`json\n${sample}\n\`\`\``,
  ].join('\n\n');
}

function listeners(type: EventType): string {
  return Object.entries<readonly EventType[]>(LISTENERS)
    .filter(([, types]) => types.includes(type))
    .map(([app]) => app)
    .join(', ');
}

interface Field {
  readonly path: string;
  readonly type: string;
  readonly optional: boolean;
}

type JsonSchema = core.JSONSchema.BaseSchema;

/** The fields of a schema, those inside of objects after them. @throws Error for a field that has no meaning here. */
function fieldsOf(schema: JsonSchema, prefix = ''): Field[] {
  const required = new Set(schema.required);
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const path = `${prefix}${name}`;
    if (typeof property === 'boolean') return [];
    if (FIELD_MEANINGS[path] === undefined) {
      throw new Error(
        `The field ${path} of an event has no meaning in the catalogue. Write it in meanings.ts.`,
      );
    }
    return [
      { path, type: typeName(path, property), optional: !required.has(name) },
      ...fieldsOf(property, `${path}.`),
    ];
  });
}

function typeName(path: string, schema: JsonSchema): string {
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined)
    return path === 'type' ? 'one of those above' : `one of ${schema.enum.join(', ')}`;
  if (schema.type !== 'array' || typeof schema.items !== 'object') return String(schema.type);
  return 'list of objects';
}

/** An event as the dispatcher makes it, from a change that leads to it. */
function exampleOf(type: EventType): DomainEvent {
  const [event] = readChange(changeLeadingTo(type)).events;
  if (event?.type === type) return event;
  throw new Error(`No change in the catalogue leads to ${type}. Add one.`);
}

const RECORD = { recordId: '9f1b6c1e4c0a4b6f8d2e7a3b5c4d6e8f', at: 1_767_260_000 };
const PRODUCT = { name: 'Mug, heron', unitPrice: '9.50', currency: 'GBP', itemVersion: 1_767_260_000_000 };
const STOCK: Readonly<Record<(typeof STOCK_EVENTS)[number], readonly [before: number, after: number]>> = {
  StockLow: [12, 9],
  StockOut: [1, 0],
  StockBack: [0, 40],
};
const STATUSES: Readonly<Record<OrderEventType, readonly [before: OrderStatus, after: OrderStatus]>> = {
  OrderPlaced: ['PLACED', 'PLACED'],
  OrderValidated: ['PLACED', 'VALIDATED'],
  OrderPaid: ['VALIDATED', 'PAID'],
  OrderAllocated: ['PAID', 'ALLOCATED'],
  OrderShipped: ['ALLOCATED', 'SHIPPED'],
  OrderRejected: ['VALIDATED', 'REJECTED'],
  OrderCancelled: ['PAID', 'CANCELLED'],
  OrderFailed: ['PAID', 'FAILED'],
  OrderRemoved: ['SHIPPED', 'SHIPPED'],
};

function changeLeadingTo(type: EventType): ItemChange {
  if (isOrderEvent(type)) return orderChange(type);
  const keys = { sku: 'MUG-HERON' };
  if (type === 'StockLow' || type === 'StockOut' || type === 'StockBack') {
    const [before, after] = STOCK[type];
    const stock = (available: number) => ({ available, itemVersion: 1_767_260_000_007 });
    return {
      ...RECORD,
      table: 'stock',
      kind: 'MODIFY',
      keys,
      oldImage: stock(before),
      newImage: stock(after),
    };
  }
  const kind = ({ ProductAdded: 'INSERT', ProductChanged: 'MODIFY', ProductRemoved: 'REMOVE' } as const)[
    type
  ];
  return {
    ...RECORD,
    table: 'products',
    kind,
    keys,
    ...(kind === 'INSERT' ? {} : { oldImage: PRODUCT }),
    ...(kind === 'REMOVE' ? {} : { newImage: PRODUCT }),
  };
}

function orderChange(type: OrderEventType): ItemChange {
  const [before, after] = STATUSES[type];
  const kind = type === 'OrderPlaced' ? 'INSERT' : type === 'OrderRemoved' ? 'REMOVE' : 'MODIFY';
  const cause = { OrderRejected: 'PaymentDeclined', OrderFailed: 'CarrierUnavailable' }[String(type)];
  const closing = { as: 'REJECTED', cause: cause ?? '', message: '', at: '' } as const;
  return {
    ...RECORD,
    table: 'orders',
    kind,
    keys: { orderId: 'order-1' },
    ...(kind === 'INSERT' ? {} : { oldImage: anOrder({ status: before }) }),
    ...(kind === 'REMOVE'
      ? {}
      : { newImage: anOrder({ status: after, ...(cause === undefined ? {} : { closing }) }) }),
  };
}

function isOrderEvent(type: EventType): type is OrderEventType {
  return ORDER_EVENTS.some((one) => one === type);
}

/** A Markdown table as prettier would lay it out. */
function table([head = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) =>
    Math.max(3, ...[head, ...rows].map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
