import type { ServiceRequest } from '../endpoint/service.ts';

/** Query parameters that ask for something else than the object or the bucket itself, and how operations call it. */
const SUBRESOURCES: ReadonlyMap<string, string> = new Map([
  ['accelerate', 'AccelerateConfiguration'],
  ['acl', 'Acl'],
  ['analytics', 'AnalyticsConfiguration'],
  ['cors', 'Cors'],
  ['encryption', 'Encryption'],
  ['intelligent-tiering', 'IntelligentTieringConfiguration'],
  ['inventory', 'InventoryConfiguration'],
  ['legal-hold', 'LegalHold'],
  ['lifecycle', 'LifecycleConfiguration'],
  ['location', 'Location'],
  ['logging', 'Logging'],
  ['metrics', 'MetricsConfiguration'],
  ['notification', 'NotificationConfiguration'],
  ['ownershipControls', 'OwnershipControls'],
  ['policy', 'Policy'],
  ['policyStatus', 'PolicyStatus'],
  ['replication', 'Replication'],
  ['requestPayment', 'RequestPayment'],
  ['retention', 'Retention'],
  ['tagging', 'Tagging'],
  ['torrent', 'Torrent'],
  ['versioning', 'Versioning'],
  ['website', 'Website'],
]);

/** Those whose operations are not called after method, bucket or object, and parameter. */
const OWN_NAMES = new Map<string, (verb: string) => string>([
  ['object-lock', (verb) => `${verb}ObjectLockConfiguration`],
  ['publicAccessBlock', (verb) => `${verb}PublicAccessBlock`],
  ['restore', () => 'RestoreObject'],
  ['select', () => 'SelectObjectContent'],
  ['session', () => 'CreateSession'],
  ['uploads', () => 'ListMultipartUploads'],
  ['versions', () => 'ListObjectVersions'],
]);

const VERBS: Readonly<Record<string, string>> = {
  GET: 'Get',
  HEAD: 'Head',
  PUT: 'Put',
  POST: 'Post',
  DELETE: 'Delete',
};

/**
 * Which of S3's operations a request asks for: its method, and what of the path and the query it names.
 *
 * @param url in path style. @returns undefined for a method that S3 does not have.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
 */
export function s3Operation(
  { method, headers }: Pick<ServiceRequest, 'method' | 'headers'>,
  url: string,
): string | undefined {
  const verb = VERBS[method];
  if (verb === undefined) return undefined;
  const { pathname, searchParams } = new URL(url, 'http://s3');
  const [, bucket = '', ...key] = pathname.split('/');
  if (bucket === '') return method === 'GET' ? 'ListBuckets' : `${verb}Service`;
  const place = key.join('/') === '' ? 'Bucket' : 'Object';
  const call = `${method} ${place}`;
  const asks = (parameter: string) => searchParams.has(parameter);

  if (asks('uploadId')) return uploadOperation(call, headers);
  if (asks('uploads') && call === 'POST Object') return 'CreateMultipartUpload';
  if (asks('attributes') && call === 'GET Object') return 'GetObjectAttributes';
  if (asks('renameObject') && call === 'PUT Object') return 'RenameObject';
  for (const [parameter, nameFor] of OWN_NAMES) if (asks(parameter)) return nameFor(verb);
  for (const [parameter, name] of SUBRESOURCES) if (asks(parameter)) return verb + place + name;
  const operation = plainOperation(call, headers, searchParams) ?? verb + place;
  return asks('versionId') ? `${operation} with a versionId` : operation;
}

type Headers = ServiceRequest['headers'];

function plainOperation(call: string, headers: Headers, query: URLSearchParams): string | undefined {
  switch (call) {
    case 'GET Bucket':
      return query.get('list-type') === '2' ? 'ListObjectsV2' : 'ListObjects';
    case 'PUT Bucket':
      return 'CreateBucket';
    case 'POST Bucket':
      return query.has('delete') ? 'DeleteObjects' : 'PostObject';
    case 'PUT Object':
      return isCopy(headers) ? 'CopyObject' : 'PutObject';
    default:
      return undefined;
  }
}

function uploadOperation(call: string, headers: Headers): string {
  switch (call) {
    case 'PUT Object':
      return isCopy(headers) ? 'UploadPartCopy' : 'UploadPart';
    case 'POST Object':
      return 'CompleteMultipartUpload';
    case 'DELETE Object':
      return 'AbortMultipartUpload';
    default:
      return 'ListParts';
  }
}

function isCopy(headers: Headers): boolean {
  return headers['x-amz-copy-source'] !== undefined;
}
