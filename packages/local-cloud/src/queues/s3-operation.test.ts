import { s3Operation } from './s3-operation.ts';

const COPY = { 'x-amz-copy-source': 'bucket/other' };

it.each<[call: string, operation: string | undefined, headers?: Record<string, string>]>([
  ['GET /', 'ListBuckets'],
  ['GET /?x-id=ListBuckets', 'ListBuckets'],
  ['POST /', 'PostService'],
  ['GET /bucket', 'ListObjects'],
  ['GET /bucket/?prefix=a', 'ListObjects'],
  ['GET /bucket?list-type=2&prefix=a', 'ListObjectsV2'],
  ['HEAD /bucket', 'HeadBucket'],
  ['PUT /bucket', 'CreateBucket'],
  ['PUT /bucket/', 'CreateBucket'],
  ['DELETE /bucket', 'DeleteBucket'],
  ['POST /bucket?delete', 'DeleteObjects'],
  ['POST /bucket/?delete=', 'DeleteObjects'],
  ['POST /bucket', 'PostObject'],
  ['GET /bucket/a/b', 'GetObject'],
  ['GET /bucket//', 'GetObject'],
  ['GET /bucket/a?x-id=GetObject&response-content-type=a', 'GetObject'],
  ['GET /bucket/a?partNumber=1', 'GetObject'],
  ['GET /bucket/a?versionId=1', 'GetObject with a versionId'],
  ['GET /bucket/a?attributes', 'GetObjectAttributes'],
  ['HEAD /bucket/a', 'HeadObject'],
  ['PUT /bucket/a', 'PutObject'],
  ['PUT /bucket/a', 'CopyObject', COPY],
  ['PUT /bucket/a?renameObject', 'RenameObject'],
  ['DELETE /bucket/a', 'DeleteObject'],
  ['POST /bucket/a?uploads', 'CreateMultipartUpload'],
  ['PUT /bucket/a?partNumber=1&uploadId=u', 'UploadPart'],
  ['PUT /bucket/a?partNumber=1&uploadId=u', 'UploadPartCopy', COPY],
  ['POST /bucket/a?uploadId=u', 'CompleteMultipartUpload'],
  ['DELETE /bucket/a?uploadId=u', 'AbortMultipartUpload'],
  ['GET /bucket/a?uploadId=u', 'ListParts'],
  ['GET /bucket?uploads', 'ListMultipartUploads'],
  ['GET /bucket?versions', 'ListObjectVersions'],
  ['GET /bucket?location', 'GetBucketLocation'],
  ['PUT /bucket?versioning', 'PutBucketVersioning'],
  ['PUT /bucket?acl', 'PutBucketAcl'],
  ['DELETE /bucket?lifecycle', 'DeleteBucketLifecycleConfiguration'],
  ['PUT /bucket?publicAccessBlock', 'PutPublicAccessBlock'],
  ['GET /bucket?object-lock', 'GetObjectLockConfiguration'],
  ['GET /bucket/a?acl', 'GetObjectAcl'],
  ['PUT /bucket/a?legal-hold', 'PutObjectLegalHold'],
  ['PUT /bucket/a?tagging', 'PutObjectTagging'],
  ['POST /bucket/a?restore', 'RestoreObject'],
  ['POST /bucket/a?select&select-type=2', 'SelectObjectContent'],
  ['PATCH /bucket/a', undefined],
])('%s is %s', (call, operation, headers = {}) => {
  const [method, url] = call.split(' ');

  expect(s3Operation({ method: method!, headers }, url!)).toBe(operation);
});
