import { randomUUID } from 'node:crypto';
import { decoded, type ServiceRequest } from '../endpoint/service.ts';
import type { Bucket } from '../stack/model.ts';

/** An object that came into being, as S3's notifications tell it. */
export interface CreatedObject {
  readonly bucket: Bucket;
  readonly key: string;
  readonly size: number;
  readonly eTag: string;
  /** `ObjectCreated:Put` … */
  readonly eventName: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly region: string;
  readonly accountId: string;
}

/** Which object a successful request created; undefined when it created none. */
export function createdBy(
  { method, headers }: Pick<ServiceRequest, 'method' | 'headers'>,
  url: string,
): { bucket: string; key: string; eventName: string } | undefined {
  const { pathname, searchParams } = new URL(url, 'http://s3');
  const [, bucket = '', key = ''] = /^\/([^/]+)\/(.+)$/.exec(pathname) ?? [];
  if (key === '') return undefined;
  const object = { bucket, key: decoded(key) };
  if (method === 'POST' && searchParams.has('uploadId')) {
    return { ...object, eventName: 'ObjectCreated:CompleteMultipartUpload' };
  }
  if (method !== 'PUT' || searchParams.has('uploadId') || searchParams.has('renameObject')) return undefined;
  return { ...object, eventName: headers['x-amz-copy-source'] ? 'ObjectCreated:Copy' : 'ObjectCreated:Put' };
}

/** Which object a request removes; undefined when it removes none. */
export function removedBy(
  { method }: Pick<ServiceRequest, 'method'>,
  url: string,
): { bucket: string; key: string } | undefined {
  const { pathname, searchParams } = new URL(url, 'http://s3');
  const [, bucket = '', key = ''] = /^\/([^/]+)\/(.+)$/.exec(pathname) ?? [];
  return method === 'DELETE' && key !== '' && !searchParams.has('uploadId')
    ? { bucket, key: decoded(key) }
    : undefined;
}

/** ARNs of the queues that are told of an object. */
export function notifiedQueues({ bucket, key, eventName }: CreatedObject): string[] {
  return bucket.notifications
    .filter(
      ({ prefix, events }) => key.startsWith(prefix) && events.some((event) => covers(event, eventName)),
    )
    .map(({ queueArn }) => queueArn);
}

function covers(configured: string, eventName: string): boolean {
  return configured === `s3:${eventName}` || configured === 's3:ObjectCreated:*';
}

/** S3's event message: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
export function objectCreatedMessage(created: CreatedObject): string {
  const { bucket, key, size, eTag, eventName, at, region, accountId } = created;
  const record = {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: region,
    eventTime: new Date(at).toISOString(),
    eventName,
    userIdentity: { principalId: `AWS:${accountId}` },
    requestParameters: { sourceIPAddress: '127.0.0.1' },
    responseElements: { 'x-amz-request-id': randomUUID(), 'x-amz-id-2': randomUUID() },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId: 'notification',
      bucket: { name: bucket.name, ownerIdentity: { principalId: accountId }, arn: bucket.arn },
      object: {
        key: encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/'),
        size,
        eTag: eTag.replaceAll('"', ''),
        sequencer: at.toString(16).toUpperCase().padStart(18, '0'),
      },
    },
  };
  return JSON.stringify({ Records: [record] });
}
