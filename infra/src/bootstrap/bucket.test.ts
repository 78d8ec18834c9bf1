import { type FoundBucket, planBucket } from './bucket.ts';
import { outcomeOf } from './change.ts';
import { TAGS } from './names.ts';
import { recordingClients } from './recording-clients.fixture.ts';

const PLACE = { name: 'state', account: '123456789012', region: 'eu-west-1' };
const TLS_ONLY =
  '{"Statement":{"Condition":{"Bool":{"aws:SecureTransport":"false"}},"Action":"s3:*","Principal":"*","Effect":"Deny",' +
  '"Sid":"TlsOnly","Resource":["arn:aws:s3:::state/*","arn:aws:s3:::state"]},"Version":"2012-10-17"}';
const BLOCKED = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};
const RULE = {
  ID: 'old-states',
  Status: 'Enabled' as const,
  NoncurrentVersionExpiration: { NoncurrentDays: 90 },
  AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
};
const RIGHT: FoundBucket = {
  region: 'eu-west-1',
  tags: [...TAGS, { Key: 'cost-centre', Value: '7' }],
  versioning: 'Enabled',
  encryption: 'AES256',
  publicAccess: BLOCKED,
  ownership: 'BucketOwnerEnforced',
  policy: TLS_ONLY,
  lifecycle: [{ ...RULE, Filter: {} }],
};

describe('the bucket of the state', () => {
  it('is left alone when it is as it should be, however S3 words it', () => {
    expect(planBucket(RIGHT, PLACE).changes).toEqual([]);
  });

  it('is made with all its settings', () => {
    const item = planBucket(undefined, PLACE);

    expect(outcomeOf(item)).toBe('made');
    expect(item.changes.map(({ what }) => what)).toEqual([
      undefined,
      'versioning',
      'encryption',
      'public access block',
      'ownership',
      'policy',
      'lifecycle',
    ]);
  });

  it.each<[what: string, drift: Partial<FoundBucket>]>([
    ['versioning', { versioning: 'Suspended' }],
    ['versioning', { versioning: undefined }],
    ['encryption', { encryption: undefined }],
    ['public access block', { publicAccess: { ...BLOCKED, BlockPublicPolicy: false } }],
    ['public access block', { publicAccess: undefined }],
    ['ownership', { ownership: 'ObjectWriter' }],
    ['policy', { policy: undefined }],
    ['policy', { policy: TLS_ONLY.replace('Deny', 'Allow') }],
    ['lifecycle', { lifecycle: undefined }],
    ['lifecycle', { lifecycle: [{ ...RULE, Filter: { Prefix: '' }, Expiration: { Days: 1 } }] }],
    ['lifecycle', { lifecycle: [{ ...RULE, Filter: { Prefix: 'a/' } }] }],
    ['tags', { tags: TAGS.filter(({ Key }) => Key !== 'project') }],
  ])('has its %s mended, and nothing else: %j', (what, drift) => {
    expect(outcomeOf(planBucket({ ...RIGHT, ...drift }, PLACE))).toBe(`changed ${what}`);
  });

  it('keeps the tags that others gave it', async () => {
    const found = { ...RIGHT, tags: [{ Key: 'cost-centre', Value: '7' }, ...TAGS.slice(1)] };
    const { clients, sent } = recordingClients();

    for (const { apply } of planBucket(found, PLACE).changes) await apply(clients);

    expect(sent).toEqual([
      [
        'PutBucketTaggingCommand',
        expect.objectContaining({ Tagging: { TagSet: [{ Key: 'cost-centre', Value: '7' }, ...TAGS] } }),
      ],
    ]);
  });

  it.each<[drift: Partial<FoundBucket>, message: string]>([
    [{ region: 'us-east-1' }, 'The bucket state is in us-east-1, not in eu-west-1: give --region us-east-1'],
    [{ tags: [] }, 'The bucket state is there, but has no tag managed-by=orderstream-bootstrap'],
  ])('is refused with the next step where it is another one: %j', (drift, message) => {
    expect(() => planBucket({ ...RIGHT, ...drift }, PLACE)).toThrow(message);
  });
});
