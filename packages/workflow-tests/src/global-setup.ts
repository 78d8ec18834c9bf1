import { createTables, TABLES } from './tables.ts';
import { engineBinary, startEngine } from './engine.ts';

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

/** Before all tests: one engine with empty tables for them, and the environment (Jest wants a default export). */
export default async function setup(): Promise<void> {
  Object.assign(process.env, ENVIRONMENT);
  for (const [name, { variable }] of Object.entries(TABLES)) process.env[variable] = name;
  if (engineBinary() === undefined) return;
  process.env['AWS_ENDPOINT_URL'] = await startEngine();
  await createTables();
}
