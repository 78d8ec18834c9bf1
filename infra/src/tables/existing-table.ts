import { DataAwsDynamodbTable } from '@cdktf/provider-aws/lib/data-aws-dynamodb-table';
import { Construct } from 'constructs';
import type { Index, Key, Table } from './table.ts';

export interface ExistingTableProps {
  readonly name: string;
  /** The setting that named it, for the messages. */
  readonly setting: string;
  readonly partitionKey: Key;
  readonly indexes: readonly Index[];
}

/**
 * A table that somebody else made and keeps: the stack reads where it and its stream are, and changes nothing of it.
 * Terraform looks at it when it plans, and stops there where the table can't do what is asked of it: one without a stream
 * or without an index would fail only once orders came.
 */
export class ExistingTable extends Construct implements Table {
  readonly name: string;
  readonly arn: string;
  readonly streamArn: string;

  constructor(scope: Construct, id: string, props: ExistingTableProps) {
    super(scope, id);
    const { setting, partitionKey, indexes } = props;
    const stop = (condition: string, needs: string) => ({
      condition: `\${${condition}}`,
      errorMessage: `The table ${props.name} (${setting}) needs ${needs}. Change the table, or leave ${setting} out: then the stack makes one.`,
    });
    const table = new DataAwsDynamodbTable(this, 'table', {
      name: props.name,
      lifecycle: {
        postcondition: [
          stop(hasKey(partitionKey), `the key ${keyInWords(partitionKey)} alone`),
          stop('self.stream_view_type == "NEW_AND_OLD_IMAGES"', 'a stream of NEW_AND_OLD_IMAGES'),
          ...indexes.map((index) => stop(hasIndex(index), indexInWords(index))),
        ],
      },
    });
    this.name = table.name;
    this.arn = table.arn;
    this.streamArn = table.streamArn;
  }

  indexArn(index: string): string {
    return `${this.arn}/index/${index}`;
  }
}

function hasKey(key: Key): string {
  return `self.hash_key == "${key.name}" && (self.range_key == null || self.range_key == "") && ${hasType(key)}`;
}

/** Keys of another type would let the plan pass, and refuse every write of the functions. */
function hasType({ name, type }: Key): string {
  return `anytrue([for a in self.attribute : a.name == "${name}" && a.type == "${type}"])`;
}

/** Whether one of the table's indexes has the name and the keys, and holds what is read from it; it may hold more. */
function hasIndex({ name, partitionKey, sortKey, attributes }: Index): string {
  const isThis = `i.name == "${name}" && i.hash_key == "${partitionKey.name}" && i.range_key == "${sortKey.name}"`;
  const needed = JSON.stringify(attributes);
  // Terraform evaluates both sides of ||, and an index of ALL names no attributes.
  const holdsEach = `alltrue([for a in ${needed} : try(contains(i.non_key_attributes, a), false)])`;
  const isThere = `anytrue([for i in self.global_secondary_index : ${isThis} && (i.projection_type == "ALL" || ${holdsEach})])`;
  return [isThere, hasType(partitionKey), hasType(sortKey)].join(' && ');
}

/** With its type as DynamoDB writes it: `orderId (S)`. */
function keyInWords({ name, type }: Key): string {
  return `${name} (${type})`;
}

function indexInWords({ name, partitionKey, sortKey, attributes }: Index): string {
  return `the index ${name} by ${keyInWords(partitionKey)} and ${keyInWords(sortKey)} with ${attributes.join(', ')}`;
}
