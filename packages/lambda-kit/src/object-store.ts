import { serviceUrl, signedFetch } from './signed-request.ts';

/** A bucket that a function writes to. */
export class ObjectStore {
  readonly #bucket: string;

  constructor(bucket: string) {
    this.#bucket = bucket;
  }

  /**
   * Writes an object whole, over the one that may be there.
   *
   * @param key slashes divide it; everything else is escaped. @throws Error with S3's own words.
   */
  async put(key: string, body: string | Uint8Array<ArrayBuffer>, contentType: string): Promise<void> {
    const path = key.split('/').map(encodeURIComponent).join('/');
    const url = new URL(`${serviceUrl('s3')}/${this.#bucket}/${path}`);
    const headers = { 'content-type': contentType };
    const response = await signedFetch({ service: 's3', method: 'PUT', url, headers, body });
    if (response.ok) return;
    throw new Error(`S3 did not keep ${url.pathname}: ${response.status} ${await response.text()}`);
  }
}
