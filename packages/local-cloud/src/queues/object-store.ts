import type { FauxqsCore, S3Store } from './fauxqs.ts';
import { pageOf } from './object-listing.ts';
import type { ObjectRows } from './object-rows.ts';

/**
 * fauxqs' store of buckets with the objects on disk. fauxqs makes each object, with its ETag and checksums, and hands it
 * on: it holds none itself. The parts of an upload stay in memory, too, until it ends.
 *
 * @param now epoch milliseconds: objects bear the cloud's time.
 */
export function createObjectStore(fauxqs: FauxqsCore, rows: ObjectRows, now: () => number): S3Store {
  class ObjectStore extends fauxqs.S3Store {
    override putObject(...[bucket, key, ...rest]: Parameters<S3Store['putObject']>) {
      const object = { ...super.putObject(bucket, key, ...rest), lastModified: new Date(now()) };
      super.deleteObject(bucket, key);
      rows.put(bucket, object);
      return object;
    }

    override getObject(bucket: string, key: string) {
      return rows.get(bucket, key) ?? super.getObject(bucket, key);
    }

    override headObject(bucket: string, key: string) {
      return rows.head(bucket, key) ?? super.headObject(bucket, key);
    }

    override deleteObject(bucket: string, key: string) {
      super.deleteObject(bucket, key);
      rows.remove(bucket, key);
    }

    override listObjects(bucket: string, options: Parameters<S3Store['listObjects']>[1] = {}) {
      if (!this.hasBucket(bucket)) return super.listObjects(bucket, options);
      return pageOf(options, (after) => rows.after(bucket, options.prefix ?? '', after));
    }

    override createMultipartUpload(...given: Parameters<S3Store['createMultipartUpload']>) {
      const uploadId = super.createMultipartUpload(...given);
      const [bucket, key, contentType = 'application/octet-stream', metadata = {}, system, algorithm] = given;
      rows.putUpload({
        ...{ uploadId, bucket, key, contentType, metadata, ...system },
        ...{
          initiated: new Date(now()),
          parts: new Map(),
          ...(algorithm && { checksumAlgorithm: algorithm }),
        },
      });
      return uploadId;
    }

    override uploadPart(...[uploadId, partNumber, body, checksumValue]: Parameters<S3Store['uploadPart']>) {
      const answer = super.uploadPart(uploadId, partNumber, body, checksumValue);
      const part = { partNumber, body, etag: answer.etag, lastModified: new Date(now()) };
      rows.putPart(uploadId, { ...part, ...(checksumValue && { checksumValue }) });
      return answer;
    }

    override completeMultipartUpload(...[uploadId, parts]: Parameters<S3Store['completeMultipartUpload']>) {
      const bucket = rows.bucketOfUpload(uploadId) ?? '';
      const completed = super.completeMultipartUpload(uploadId, parts);
      const object = { ...completed, lastModified: new Date(now()) };
      super.deleteObject(bucket, object.key);
      rows.complete(uploadId, bucket, object);
      return object;
    }

    override abortMultipartUpload(uploadId: string) {
      super.abortMultipartUpload(uploadId);
      rows.removeUpload(uploadId);
    }
  }

  const store = new ObjectStore();
  for (const upload of rows.uploads()) store.restoreMultipartUpload(upload);
  return store;
}
