import { referenceTo, resourcesOf, resourceWith, synthesize } from '../testing/synthesized.ts';

const stack = synthesize();
const BUCKET = 'orderstream-local-archive-${data.aws_caller_identity.identity.account_id}';
const bucket = referenceTo(stack, ['aws_s3_bucket', 'bucket', BUCKET], 'bucket');
const ofBucket = (type: string) => resourceWith(stack, type, 'bucket', bucket).arguments;

describe('the audit trail', () => {
  it('grows cheaper with age and is never removed', () => {
    const { rule } = ofBucket('aws_s3_bucket_lifecycle_configuration');

    expect(rule).toEqual([
      {
        id: 'age',
        status: 'Enabled',
        filter: [{ prefix: 'changes/' }],
        transition: [
          { days: 30, storage_class: 'STANDARD_IA' },
          { days: 180, storage_class: 'GLACIER_IR' },
        ],
        abort_incomplete_multipart_upload: [{ days_after_initiation: 1 }],
      },
      {
        id: 'query-results',
        status: 'Enabled',
        filter: [{ prefix: 'athena/' }],
        expiration: [{ days: 7 }],
        abort_incomplete_multipart_upload: [{ days_after_initiation: 1 }],
      },
    ]);
  });

  it('is reached by nobody who is not asked in', () => {
    expect(ofBucket('aws_s3_bucket_public_access_block')).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
    expect(ofBucket('aws_s3_bucket_policy')['policy']).toContain('"aws:SecureTransport":"false"');
  });

  it.each(['orders', 'products', 'stock'])('is read as a table by day and hour: %s', (name) => {
    const table = resourceWith(stack, 'aws_glue_catalog_table', 'name', name).arguments;

    expect(table).toMatchObject({
      table_type: 'EXTERNAL_TABLE',
      parameters: {
        'projection.enabled': 'true',
        'projection.dt.type': 'date',
        'projection.dt.format': 'yyyy-MM-dd',
        'projection.hour.type': 'integer',
        'projection.hour.range': '0,23',
        'projection.hour.digits': '2',
      },
      partition_keys: [
        { name: 'dt', type: 'string' },
        { name: 'hour', type: 'string' },
      ],
      storage_descriptor: { location: `s3://${bucket}/changes/${name}/` },
    });
  });

  it('has a column for each field of a line, and none twice', () => {
    for (const table of Object.values(resourcesOf(stack, 'aws_glue_catalog_table'))) {
      const { storage_descriptor, partition_keys } = JSON.parse(JSON.stringify(table));
      const names = [...storage_descriptor.columns, ...partition_keys].map(({ name }) => name);

      expect(names).toEqual(
        expect.arrayContaining(['eventid', 'kind', 'at', 'who', 'changed', 'old', 'new']),
      );
      expect(new Set(names).size).toBe(names.length);
      expect(names.filter((name) => name !== name.toLowerCase())).toEqual([]);
      expect(storage_descriptor.ser_de_info).toEqual({
        serialization_library: 'org.openx.data.jsonserde.JsonSerDe',
        parameters: {
          'case.insensitive': 'false',
          'mapping.eventid': 'eventId',
          'mapping.itemversion': 'itemVersion',
        },
      });
    }
  });

  it('is queried in a workgroup that bounds what a query may cost', () => {
    expect(Object.values(resourcesOf(stack, 'aws_athena_workgroup'))).toMatchObject([
      {
        name: 'orderstream-local',
        configuration: {
          enforce_workgroup_configuration: true,
          bytes_scanned_cutoff_per_query: 10_737_418_240,
          result_configuration: {
            output_location: `s3://${bucket}/athena/`,
            encryption_configuration: { encryption_option: 'SSE_S3' },
          },
        },
      },
    ]);
  });

  it('comes with queries that read no more than some days of one of its tables, by its columns', () => {
    const queries = Object.values(resourcesOf(stack, 'aws_athena_named_query'));
    const tables = Object.values(resourcesOf(stack, 'aws_glue_catalog_table')).map((one) => one['name']);

    expect(queries.map((one) => one['name'])).toEqual([
      'ends-by-day',
      'history-of-an-order',
      'movements-of-a-sku',
      'unreadable-changes',
    ]);
    for (const { database, workgroup, query } of queries) {
      const sql = String(query);
      const [, from = ''] = /FROM (\w+)/.exec(sql) ?? [];
      expect({ database, workgroup }).toEqual({
        database: referenceTo(stack, ['aws_glue_catalog_database', 'name', 'orderstream_local'], 'name'),
        workgroup: referenceTo(stack, ['aws_athena_workgroup', 'name', 'orderstream-local'], 'name'),
      });
      expect(tables).toContain(from);
      expect(sql).toContain("WHERE dt >= date_format(current_date - interval '30' day, '%Y-%m-%d')");
    }
  });
});
