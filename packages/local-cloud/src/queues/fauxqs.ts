import { createRequire, findPackageJSON } from 'node:module';
import type { BuildAppOptions, buildApp } from 'fauxqs';

/** What fauxqs keeps its queues, topics and buckets in. */
export type Stores = NonNullable<BuildAppOptions['stores']>;
export type SqsStore = Stores['sqsStore'];
export type SnsStore = Stores['snsStore'];
export type S3Store = Stores['s3Store'];
export type S3Object = ReturnType<S3Store['getObject']>;
export type ListOptions = NonNullable<Parameters<S3Store['listObjects']>[1]>;
export type ListedObjects = ReturnType<S3Store['listObjects']>;
/** An upload in parts that has not ended. */
export type MultipartUpload = Parameters<S3Store['restoreMultipartUpload']>[0];
export type UploadPart = MultipartUpload['parts'] extends Map<number, infer Part> ? Part : never;
export type SqsQueue = ReturnType<SqsStore['createQueue']>;
/** A message as a queue keeps it. */
export type SentMessage = Parameters<SqsQueue['enqueue']>[0];
/** A message as ReceiveMessage answers it. */
export type ReceivedMessage = ReturnType<SqsQueue['dequeue']>[number];

/** fauxqs' HTTP side, a Fastify application. */
export type FauxqsApp = ReturnType<typeof buildApp>;

/** The parts of fauxqs that hold the state, and the two of its actions that need no HTTP request. */
export interface FauxqsCore {
  readonly SqsStore: new () => SqsStore;
  readonly SnsStore: new () => SnsStore;
  readonly S3Store: new () => S3Store;
  /** @throws an error with `code` and `statusCode` where SQS would refuse the message. */
  readonly sendMessage: (parameters: Record<string, unknown>, store: SqsStore) => unknown;
  /** @throws an error with `code` and `statusCode` where SNS would refuse the message. */
  readonly publish: (parameters: Record<string, string>, topics: SnsStore, queues: SqsStore) => unknown;
}

/**
 * Loads the stores without the HTTP side: 15 ms instead of 150, and a message sent from inside the cloud costs 4 µs
 * instead of 140 through `inject`. fauxqs takes stores (`buildApp({ stores })`) but its `exports` do not name their
 * classes, so they are required by file: its version is pinned exactly.
 */
export function loadFauxqsCore(): FauxqsCore {
  const { SqsStore }: Pick<FauxqsCore, 'SqsStore'> = load('sqs/sqsStore.js');
  const { SnsStore }: Pick<FauxqsCore, 'SnsStore'> = load('sns/snsStore.js');
  const { S3Store }: Pick<FauxqsCore, 'S3Store'> = load('s3/s3Store.js');
  const { sendMessage }: Pick<FauxqsCore, 'sendMessage'> = load('sqs/actions/sendMessage.js');
  const { publish }: Pick<FauxqsCore, 'publish'> = load('sns/actions/publish.js');
  return { SqsStore, SnsStore, S3Store, sendMessage, publish };
}

/** Builds the HTTP side over `stores`; it is only ever injected into and opens no port. */
export async function buildFauxqsApp(stores: Stores): Promise<FauxqsApp> {
  const module: { buildApp: typeof buildApp } = load('app.js');
  const app = module.buildApp({ logger: false, stores });
  await app.ready();
  return app;
}

function load<T>(file: string): T {
  const packageJson = findPackageJSON('fauxqs', import.meta.url);
  if (packageJson === undefined) throw new Error('fauxqs is not installed: run npm ci.');
  return createRequire(packageJson)(`./dist/${file}`);
}
