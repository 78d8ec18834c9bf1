import { anyArgs } from '../arguments.ts';
import { arn } from '../arns.ts';
import { inertType, resourceType } from '../resource-type.ts';

const NO_QUERIES = 'nothing is queried with SQL here';

const database = inertType('aws_glue_catalog_database', NO_QUERIES, 'name', (name, place) => ({
  id: `${place.accountId}:${name}`,
  arn: arn('glue', `database/${name}`, place),
  catalog_id: place.accountId,
}));

const table = resourceType({
  type: 'aws_glue_catalog_table',
  inert: NO_QUERIES,
  schema: anyArgs('name').extend(anyArgs('database_name').shape),
  attributes(args, place) {
    const [name, databaseName] = [String(args['name']), String(args['database_name'])];
    return {
      id: `${place.accountId}:${databaseName}:${name}`,
      arn: arn('glue', `table/${databaseName}/${name}`, place),
      catalog_id: place.accountId,
    };
  },
});

const workgroup = inertType('aws_athena_workgroup', NO_QUERIES, 'name', (name, place) => ({
  id: name,
  arn: arn('athena', `workgroup/${name}`, place),
}));

const query = inertType('aws_athena_named_query', NO_QUERIES, 'name', (name) => ({ id: name }));

/** What describes files to SQL engines, which are not run here. */
export const analyticsTypes = [database, table, workgroup, query];
