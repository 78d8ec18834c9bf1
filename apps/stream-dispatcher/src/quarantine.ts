import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';
import type { DynamoDBRecord } from 'aws-lambda';
import { tableName } from './plan.ts';

/** Milliseconds; a write that fails is no loss: Lambda brings the record again. */
const TIMEOUT = 5_000;

/** Where a record is kept: in the same place at every delivery. */
export function quarantineKey(record: DynamoDBRecord): string {
  const { eventID, dynamodb } = record;
  const at = new Date((dynamodb?.ApproximateCreationDateTime ?? 0) * 1000);
  const id = eventID ?? dynamodb?.SequenceNumber ?? 'unknown';
  return `quarantine/${tableName(record)}/${at.toISOString().slice(0, 10)}/${id}.json`;
}

/**
 * The bucket of records that nobody can read. Its one PUT is signed with the signer that the other clients bring along:
 * S3's own client would add 160 KB and take the bundle over its budget.
 */
export class Quarantine {
  readonly #url: string;
  readonly #signer: SignatureV4;

  /** @param aws what the function's AWS clients are made with. */
  constructor(
    bucket: string,
    aws: {
      readonly region: string;
      readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
      readonly endpoint?: string;
    },
  ) {
    const { region, credentials, endpoint = `https://s3.${region}.amazonaws.com` } = aws;
    this.#url = `${endpoint}/${bucket}`;
    this.#signer = new SignatureV4({
      service: 's3',
      region,
      credentials,
      sha256: Sha256,
      // S3 alone signs the path as it is sent.
      uriEscapePath: false,
    });
  }

  /** Keeps the record whole. @throws Error with S3's own words. */
  async put(record: DynamoDBRecord, reason: string): Promise<void> {
    const url = new URL(`${this.#url}/${quarantineKey(record)}`);
    const { method, headers, body } = await this.#signer.sign({
      method: 'PUT',
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      headers: { host: url.host, 'content-type': 'application/json' },
      body: JSON.stringify({ reason, record }),
    });
    const response = await fetch(url, { method, headers, body, signal: AbortSignal.timeout(TIMEOUT) });
    if (response.ok) return;
    throw new Error(`S3 did not keep ${url.pathname}: ${response.status} ${await response.text()}`);
  }
}
