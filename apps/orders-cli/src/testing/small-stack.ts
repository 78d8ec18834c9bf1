import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalCloud } from '@orderstream/local-cloud';
import type { CloudStatus } from '../cloud-client.ts';
import { documentsAt, type Session, type Tables } from '../session.ts';

const text = (name: string) => ({ name, type: 'S' });

/** Only stores, nothing that reacts: the tables and the bucket that a forgetting goes through. */
const STACK = {
  resource: {
    aws_dynamodb_table: {
      orders: {
        name: 'orders',
        hash_key: 'orderId',
        attribute: [text('orderId'), text('customerId'), text('placedAt')],
        global_secondary_index: [
          {
            name: 'byCustomer',
            hash_key: 'customerId',
            range_key: 'placedAt',
            projection_type: 'KEYS_ONLY',
          },
        ],
      },
      activity: {
        name: 'activity',
        hash_key: 'who',
        range_key: 'moment',
        attribute: [text('who'), text('moment')],
      },
    },
    aws_s3_bucket: { archive: { bucket: 'archive' } },
  },
  output: { archive_bucket: { value: 'archive' }, activity_table: { value: 'activity' } },
};

/** Tables and a bucket of a local cloud, for tests of what talks to them. */
export interface SmallStack {
  readonly session: Pick<Session, 'documents' | 'tables' | 'status'>;
  close(): Promise<void>;
}

export async function startSmallStack(): Promise<SmallStack> {
  const folder = mkdtempSync(join(tmpdir(), 'orders-cli-'));
  const stackFile = join(folder, 'cdk.tf.json');
  writeFileSync(stackFile, JSON.stringify(STACK));
  const cloud = await LocalCloud.start({ stackFile, iam: 'off' });
  const status: CloudStatus = {
    ready: true,
    pid: process.pid,
    stack: 'small',
    region: cloud.stack.region,
    endpoint: cloud.endpointUrl,
    api: '',
    outputs: cloud.stack.outputs,
    inFlight: {},
    uptimeSeconds: 0,
    memoryMb: 0,
  };
  const documents = documentsAt(status.endpoint, status.region);
  const tables: Tables = { orders: 'orders', products: '', stock: '', allocations: '', ledger: '' };
  return {
    session: { status, documents, tables },
    close: async () => {
      documents.destroy();
      await cloud.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
