import { allow, type Statement } from '../functions/role.ts';

/** A table as the rest of the stack needs it, whoever made it. */
export interface Table {
  readonly name: string;
  readonly arn: string;
  /** ARN of the stream of a table that has one. */
  readonly streamArn: string;
  /** ARN of one of the table's indexes. */
  indexArn(index: string): string;
}

/** A table's key, or an attribute that is one of an index. */
export interface Key {
  readonly name: string;
  readonly type: 'S' | 'N';
}

/** Another order in which a table is read. */
export interface Index {
  readonly name: string;
  readonly partitionKey: Key;
  readonly sortKey: Key;
  /** What a query needs besides the keys. Each change of one of these is a write to the index. */
  readonly attributes: readonly string[];
}

export const text = (name: string): Key => ({ name, type: 'S' });
export const number = (name: string): Key => ({ name, type: 'N' });

/** Reading the streams of these tables, as the role of a function does whose mappings read them. */
export function readStreams(tables: readonly Table[]): Statement {
  return allow(
    ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
    tables.map(({ streamArn }) => streamArn),
  );
}
