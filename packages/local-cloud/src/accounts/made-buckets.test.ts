import type { ServiceHandler } from '../endpoint/service.ts';
import { ACCOUNT, bucketRequest, errorOf } from './accounts.fixture.ts';
import { withMadeBuckets } from './made-buckets.ts';

const ARCHIVE = { name: 'archive', arn: 'arn:aws:s3:::archive', notifications: [] };
const CONFIGURATION =
  '<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint>' +
  '<Tags><Tag><Key>a</Key><Value>b</Value></Tag></Tags></CreateBucketConfiguration>';

describe('a bucket beside those of the stack', () => {
  let s3: ServiceHandler;
  let passedOn: string[];
  const call = (methodAndUrl: string, body?: string) => s3(bucketRequest(methodAndUrl, body));
  const error = (methodAndUrl: string, headers?: Record<string, string>) =>
    errorOf(s3, bucketRequest(methodAndUrl, '', headers));

  beforeEach(async () => {
    passedOn = [];
    const ofStack: ServiceHandler = async ({ method, url }) => {
      passedOn.push(`${method} ${url}`);
      return { status: 404, headers: {}, body: '' };
    };
    s3 = withMadeBuckets(ofStack, { buckets: [ARCHIVE], accountId: ACCOUNT });
    await call('PUT /made', CONFIGURATION);
  });

  it('is there once it is made, in its region, with its tags', async () => {
    expect(await call('HEAD /made')).toMatchObject({
      status: 200,
      headers: { 'x-amz-bucket-region': 'eu-west-1' },
    });
    expect(String((await call('GET /made?location')).body)).toContain('>eu-west-1<');
    expect(String((await call('GET /made?tagging')).body)).toContain(
      '<TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet>',
    );
  });

  it('is in the oldest region unless it names another', async () => {
    await call('PUT /oldest');

    expect((await call('HEAD /oldest')).headers).toEqual({ 'x-amz-bucket-region': 'us-east-1' });
    expect(String((await call('GET /oldest?location')).body)).toMatch(/<LocationConstraint[^>]*><\//);
  });

  it.each([
    ['encryption', '<SSEAlgorithm>AES256</SSEAlgorithm>'],
    ['publicAccessBlock', '<BlockPublicPolicy>true</BlockPublicPolicy>'],
    ['ownershipControls', '<ObjectOwnership>BucketOwnerEnforced</ObjectOwnership>'],
    ['versioning', '<VersioningConfiguration'],
  ])('has the %s of a new bucket', async (setting, content) => {
    expect(String((await call(`GET /made?${setting}`)).body)).toContain(content);
  });

  it.each([
    ['policy', 'NoSuchBucketPolicy 404'],
    ['lifecycle', 'NoSuchLifecycleConfiguration 404'],
    ['tagging', 'NoSuchTagSet 404'],
    ['encryption', 'ServerSideEncryptionConfigurationNotFoundError 404'],
    ['publicAccessBlock', 'NoSuchPublicAccessBlockConfiguration 404'],
    ['ownershipControls', 'OwnershipControlsNotFoundError 404'],
  ])('keeps its %s word for word, and once it is deleted says %s', async (setting, missing) => {
    await call(`PUT /made?${setting}`, '<kept>as it came</kept>');
    const kept = await call(`GET /made?${setting}`);
    await call(`DELETE /made?${setting}`);

    expect(kept.body).toBe('<kept>as it came</kept>');
    expect(await error(`GET /made?${setting}`)).toBe(missing);
  });

  it('is made once', async () => {
    expect(await error('PUT /made')).toBe('BucketAlreadyOwnedByYou 409');
  });

  it('is gone once it is deleted', async () => {
    await call('DELETE /made');

    expect(await call('HEAD /made')).toMatchObject({ status: 404 });
  });

  it('is not given to who expects another owner', async () => {
    expect(await error('HEAD /made', { 'x-amz-expected-bucket-owner': '999999999999' })).toBe(
      'AccessDenied 403',
    );
    expect(await error('HEAD /made', { 'x-amz-expected-bucket-owner': ACCOUNT })).toBe('none');
  });

  it.each(['PUT /made/key', 'GET /made?list-type=2', 'GET /made?acl', 'PUT /made?cors'])(
    'holds settings alone: %s is not run',
    async (methodAndUrl) => {
      expect(await error(methodAndUrl)).toBe('UnknownOperationException 400');
    },
  );

  it.each(['PUT /archive', 'PUT /archive?policy', 'GET /archive/key', 'HEAD /none', 'GET /'])(
    'does not stand before others: %s goes on to them',
    async (methodAndUrl) => {
      await call(methodAndUrl);

      expect(passedOn).toEqual([methodAndUrl]);
    },
  );
});
