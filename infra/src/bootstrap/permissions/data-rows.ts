import { type Access, type Place, type Rows, TAGGING, arn, of } from './access.ts';

const bucketSettings = (place: Place): Access => ({
  resources: [`arn:aws:s3:::${place.prefix}-*`],
  // The provider asks a bucket for every setting that there is, whatever the stack sets.
  read: of('s3', 'GetBucket*', 'Get*Configuration', 'ListBucket', 'ListTagsForResource'),
  write: of(
    's3',
    ...['CreateBucket', 'DeleteBucket', 'PutBucketTagging', ...TAGGING],
    ...['PutBucketPolicy', 'DeleteBucketPolicy', 'PutBucketPublicAccessBlock'],
    ...['PutEncryptionConfiguration', 'PutLifecycleConfiguration', 'PutBucketNotification'],
  ),
});

const bucket = (place: Place): readonly Access[] => [
  bucketSettings(place),
  ...(place.isForTrials
    ? [
        { resources: [`arn:aws:s3:::${place.prefix}-*`], write: of('s3', 'ListBucketVersions') },
        {
          resources: [`arn:aws:s3:::${place.prefix}-*/*`],
          write: of('s3', 'DeleteObject', 'DeleteObjectVersion'),
        },
      ]
    : []),
];

const settings = (place: Place) => [bucketSettings(place)];

/** Glue's names have no hyphens; its tables are asked for together with their database and the catalogue. */
const glue = (place: Place): readonly Access[] => {
  const database = place.prefix.replaceAll('-', '_');
  return [
    {
      resources: [
        arn(place, 'glue', 'catalog'),
        arn(place, 'glue', `database/${database}`),
        arn(place, 'glue', `table/${database}/*`),
      ],
      read: of('glue', 'GetDatabase', 'GetTable', 'GetPartitionIndexes', 'GetTags'),
      write: of(
        'glue',
        ...['CreateDatabase', 'UpdateDatabase', 'DeleteDatabase'],
        ...['CreateTable', 'UpdateTable', 'DeleteTable', ...TAGGING],
      ),
    },
  ];
};

const TABLE_READS = [
  ...['DescribeTable', 'DescribeContinuousBackups', 'DescribeTimeToLive', 'ListTagsOfResource'],
] as const;

/** Tables, buckets, and what Athena reads the buckets with. */
export const DATA_ROWS: Rows = {
  aws_dynamodb_table: (place) => [
    {
      resources: [arn(place, 'dynamodb', `table/${place.prefix}-*`)],
      read: of('dynamodb', ...TABLE_READS),
      write: of(
        'dynamodb',
        ...['CreateTable', 'UpdateTable', 'DeleteTable', 'UpdateContinuousBackups', 'UpdateTimeToLive'],
        ...TAGGING,
      ),
    },
  ],
  'data.aws_dynamodb_table': (place) =>
    place.ordersTable === undefined
      ? []
      : [
          {
            resources: [arn(place, 'dynamodb', `table/${place.ordersTable}`)],
            read: of('dynamodb', ...TABLE_READS),
          },
        ],
  aws_s3_bucket: bucket,
  aws_s3_bucket_lifecycle_configuration: settings,
  aws_s3_bucket_notification: settings,
  aws_s3_bucket_policy: settings,
  aws_s3_bucket_public_access_block: settings,
  aws_s3_bucket_server_side_encryption_configuration: settings,
  aws_glue_catalog_database: glue,
  aws_glue_catalog_table: glue,
  aws_athena_workgroup: (place) => [
    {
      resources: [arn(place, 'athena', `workgroup/${place.prefix}*`)],
      read: of('athena', 'GetWorkGroup', 'ListTagsForResource'),
      write: of('athena', 'CreateWorkGroup', 'UpdateWorkGroup', 'DeleteWorkGroup', ...TAGGING),
    },
  ],
  aws_athena_named_query: (place) => [
    {
      resources: [arn(place, 'athena', `workgroup/${place.prefix}*`)],
      read: of('athena', 'GetNamedQuery'),
      write: of('athena', 'CreateNamedQuery', 'DeleteNamedQuery'),
    },
  ],
  aws_secretsmanager_secret: (place) => [
    {
      resources: [arn(place, 'secretsmanager', `secret:${place.prefix}-*`)],
      // Never its value: who deploys has no need to know it.
      read: of('secretsmanager', 'DescribeSecret', 'GetResourcePolicy'),
      write: of(
        'secretsmanager',
        ...['CreateSecret', 'UpdateSecret', 'DeleteSecret', 'RestoreSecret', ...TAGGING],
      ),
    },
  ],
};
