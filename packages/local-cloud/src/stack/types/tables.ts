import * as z from 'zod';
import { args, block, blocks, flag, inert, text } from '../arguments.ts';
import { arn } from '../arns.ts';
import type { KeyAttribute, TableIndex } from '../model.ts';
import { resourceType } from '../resource-type.ts';

/** A stream's ARN ends with the time it was made; here it is always the same, so that positions outlive a restart. */
const STREAM_LABEL = '2025-01-01T00:00:00.000';

const CAPACITY = 'capacity is not limited here';

const attribute = { name: text, type: z.enum(['S', 'N', 'B']) };

const globalIndex = {
  name: text,
  hash_key: text,
  range_key: text.optional(),
  projection_type: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']),
  non_key_attributes: z.array(text).optional(),
  read_capacity: inert(CAPACITY),
  write_capacity: inert(CAPACITY),
};

const schema = args({
  name: text,
  hash_key: text,
  range_key: text.optional(),
  attribute: blocks(attribute),
  global_secondary_index: blocks(globalIndex),
  stream_enabled: flag.default(false),
  stream_view_type: z.enum(['NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES', 'KEYS_ONLY']).optional(),
  ttl: block({ enabled: flag.default(false), attribute_name: text.optional() }),
  billing_mode: inert(CAPACITY),
  read_capacity: inert(CAPACITY),
  write_capacity: inert(CAPACITY),
  table_class: inert('storage has one class here'),
  point_in_time_recovery: inert('tables are not backed up here'),
  server_side_encryption: inert('tables are not encrypted here'),
  deletion_protection_enabled: inert('tables are not deleted here'),
}).superRefine((table, context) => {
  const refuse = (argument: string, message: string, input: unknown) =>
    context.addIssue({ code: 'custom', path: [argument], message, input });
  if (table.stream_enabled && table.stream_view_type === undefined) {
    refuse('stream_view_type', 'must be set when stream_enabled is true', null);
  }
  if (table.ttl?.enabled && table.ttl.attribute_name === undefined) {
    refuse('ttl', 'needs an attribute_name', null);
  }
  const used = new Set(
    [table, ...table.global_secondary_index].flatMap(({ hash_key, range_key }) => [hash_key, range_key]),
  );
  const declared = new Set(table.attribute.map(({ name }) => name));
  for (const name of used) {
    if (name !== undefined && !declared.has(name))
      refuse('attribute', `lacks the key "${name}"`, table.attribute);
  }
  for (const name of declared) {
    if (!used.has(name))
      refuse('attribute', `declares "${name}", which is no key: remove it`, table.attribute);
  }
});

type TableArgs = z.output<typeof schema>;

function keyAttribute(table: TableArgs, name: string): KeyAttribute {
  return { name, type: table.attribute.find((declared) => declared.name === name)?.type ?? 'S' };
}

function keys(table: TableArgs, of: { hash_key: string; range_key?: string | undefined }) {
  return {
    partitionKey: keyAttribute(table, of.hash_key),
    ...(of.range_key !== undefined && { sortKey: keyAttribute(table, of.range_key) }),
  };
}

function toIndex(table: TableArgs, index: TableArgs['global_secondary_index'][number]): TableIndex {
  return {
    name: index.name,
    ...keys(table, index),
    projection: index.projection_type,
    ...(index.non_key_attributes && { nonKeyAttributes: index.non_key_attributes }),
  };
}

const table = resourceType({
  type: 'aws_dynamodb_table',
  schema,
  attributes: ({ name }, place) => {
    const tableArn = arn('dynamodb', `table/${name}`, place);
    return {
      id: name,
      arn: tableArn,
      stream_arn: `${tableArn}/stream/${STREAM_LABEL}`,
      stream_label: STREAM_LABEL,
    };
  },
  contribute({ args: table, attributes }, draft) {
    draft.tables.push({
      name: table.name,
      arn: attributes.arn,
      ...keys(table, table),
      globalIndexes: table.global_secondary_index.map((index) => toIndex(table, index)),
      ...(table.stream_enabled &&
        table.stream_view_type && {
          stream: { arn: attributes.stream_arn, viewType: table.stream_view_type },
        }),
      ...(table.ttl?.enabled &&
        table.ttl.attribute_name !== undefined && { ttlAttribute: table.ttl.attribute_name }),
    });
  },
});

export const tableTypes = [table];
