import { Engine, engineBinary } from '@orderstream/test-engine';
import { createTables, TABLES } from './tables.ts';

/** The functions' environment: they read it as they are imported. */
const ENVIRONMENT = {
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'tests',
  AWS_SECRET_ACCESS_KEY: 'tests',
  CURRENCY: 'GBP',
  PAYMENT_GATEWAY: 'sandbox',
  CARRIER: 'sandbox',
  LOG_LEVEL: 'SILENT',
  POWERTOOLS_SERVICE_NAME: 'workflow-tests',
  POWERTOOLS_METRICS_DISABLED: 'true',
  POWERTOOLS_METRICS_NAMESPACE: 'Orderstream',
};

let engine: Engine | undefined;

/** Before all tests: one engine with empty tables for them, and the environment (Jest wants a default export). */
export default async function setup(): Promise<void> {
  Object.assign(process.env, ENVIRONMENT);
  for (const [name, { variable }] of Object.entries(TABLES)) process.env[variable] = name;
  if (engineBinary() === undefined) return;
  engine = await Engine.start();
  process.env['AWS_ENDPOINT_URL'] = engine.endpoint;
  await createTables();
}

export async function stopEngine(): Promise<void> {
  await engine?.stop();
}
