import { describeOnTables, Engine } from '@orderstream/test-engine';

/** `describe` for tests on ledgers: they share one engine, which is what the environment's AWS stands for. */
export function describeOnLedgers(name: string, tests: () => void): void {
  describeOnTables(name, () => {
    let engine: Engine;

    beforeAll(async () => {
      engine = await Engine.start();
      Object.assign(process.env, {
        AWS_ENDPOINT_URL: engine.endpoint,
        AWS_REGION: 'eu-west-1',
        AWS_ACCESS_KEY_ID: 'tests',
        AWS_SECRET_ACCESS_KEY: 'tests',
      });
    });

    afterAll(() => engine.stop());

    tests();
  });
}
