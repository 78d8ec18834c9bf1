import { decoded } from '../../endpoint/service.ts';
import { pathStyle } from '../../queues/http.ts';
import { s3Operation } from '../../queues/s3-operation.ts';
import type { Need } from '../decision.ts';
import { each, type NeedsOf } from './needs.ts';

/** Actions on the object that an operation names. */
const OBJECT_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  GetObject: ['s3:GetObject'],
  HeadObject: ['s3:GetObject'],
  GetObjectAttributes: ['s3:GetObject', 's3:GetObjectAttributes'],
  PutObject: ['s3:PutObject'],
  CopyObject: ['s3:PutObject'],
  CreateMultipartUpload: ['s3:PutObject'],
  UploadPart: ['s3:PutObject'],
  UploadPartCopy: ['s3:PutObject'],
  CompleteMultipartUpload: ['s3:PutObject'],
  AbortMultipartUpload: ['s3:AbortMultipartUpload'],
  DeleteObject: ['s3:DeleteObject'],
};

/** Operations that need to list the bucket. */
const LISTING: ReadonlySet<string> = new Set(['HeadBucket', 'ListObjects', 'ListObjectsV2']);

/** Operations that read one object: whoever may not list the bucket is not told that there is none. */
const READING: ReadonlySet<string> = new Set(['GetObject', 'HeadObject', 'GetObjectAttributes']);

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html */
export const s3Needs: NeedsOf = (request) => {
  const url = pathStyle(request);
  const operation = s3Operation(request, url) ?? '';
  if (operation === 'ListBuckets') return [{ action: 's3:ListAllMyBuckets', resource: '*' }];
  const { bucket, key } = placeOf(url);
  const bucketArn = `arn:aws:s3:::${bucket}`;
  if (LISTING.has(operation)) return [{ action: 's3:ListBucket', resource: bucketArn }];
  if (operation === 'DeleteObjects') {
    return each(
      's3:DeleteObject',
      keysIn(request.body.toString()).map((one) => `${bucketArn}/${one}`),
    );
  }
  const actions = OBJECT_ACTIONS[operation];
  if (actions === undefined) return undefined;
  const needs: Need[] = actions.map((action) => ({ action, resource: `${bucketArn}/${key}` }));
  const source = request.headers['x-amz-copy-source'];
  if (source === undefined) return needs;
  const [path = ''] = source.replace(/^\//, '').split('?');
  return [...needs, { action: 's3:GetObject', resource: `arn:aws:s3:::${decoded(path)}` }];
};

/**
 * What a caller needs to be told that the object it asked for does not exist; without it, it is refused.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export function needToKnowItIsMissing(request: Parameters<NeedsOf>[0]): Need | undefined {
  const url = pathStyle(request);
  if (!READING.has(s3Operation(request, url) ?? '')) return undefined;
  return { action: 's3:ListBucket', resource: `arn:aws:s3:::${placeOf(url).bucket}` };
}

function placeOf(url: string): { readonly bucket: string; readonly key: string } {
  const [path = ''] = url.split('?');
  const [, bucket = '', key = ''] = /^\/([^/]+)\/?(.*)$/s.exec(path) ?? [];
  return { bucket, key: decoded(key) };
}

/** As the S3 of this cloud reads them, so that what is asked is what is deleted. */
function keysIn(document: string): string[] {
  return [...document.matchAll(/<Key>([\s\S]*?)<\/Key>/g)].map(([, key = '']) =>
    key
      .replaceAll('&amp;', '&')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&apos;', "'"),
  );
}
