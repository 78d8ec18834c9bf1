import { MovableClock } from '../clock.ts';
import type { ServiceRequest, ServiceResponse } from '../endpoint/service.ts';
import { InFlight } from '../in-flight.ts';
import { Journal } from '../journal/journal.ts';
import type { Table } from '../stack/model.ts';
import type { StreamViewType } from './change.ts';
import { engineBinary } from './engine.ts';
import { Tables } from './tables.ts';
import type { TablesParts } from './tables.ts';

/** Why tests that need the real engine can't run here; undefined when they can. */
export function engineMissing(): string | undefined {
  try {
    engineBinary();
    return undefined;
  } catch {
    return `no Dynoxide for ${process.platform}-${process.arch}`;
  }
}

/** `describe` for tests against the real engine: visibly skipped where there is none. */
export const describeWithEngine: (name: string, tests: () => void) => void = (name, tests) => {
  const missing = engineMissing();
  if (missing) describe.skip(`${name} (skipped: ${missing})`, tests);
  else describe(name, tests);
};

/** A table keyed by `id`, with a stream unless told otherwise. */
export function aTable(name: string, more: Partial<Table> = {}): Table {
  return { ...aTableWithoutStream(name), stream: aStream(name), ...more };
}

export function aTableWithoutStream(name: string): Table {
  return {
    name,
    arn: `arn:aws:dynamodb:eu-west-1:000000000000:table/${name}`,
    partitionKey: { name: 'id', type: 'S' },
    globalIndexes: [],
  };
}

export function aStream(table: string, viewType: StreamViewType = 'NEW_AND_OLD_IMAGES') {
  return {
    arn: `arn:aws:dynamodb:eu-west-1:000000000000:table/${table}/stream/2026-01-01T00:00:00.000`,
    viewType,
  };
}

/** A call as the endpoint hands it on. */
export function aRequest(service: string, operation: string, input: unknown): ServiceRequest {
  const body = Buffer.from(typeof input === 'string' ? input : JSON.stringify(input));
  const caller = { kind: 'operator', name: 'test', roleArn: undefined } as const;
  return { service, operation, method: 'POST', url: '/', headers: {}, body, caller };
}

/** Tables for a test, with everything they stand on. */
export function someTables(tables: readonly Table[], more: Partial<TablesParts> = {}) {
  const clock = new MovableClock();
  const inFlight = new InFlight();
  const journal = new Journal(':memory:');
  const running = new Tables({ tables, region: 'eu-west-1', clock, inFlight, journal, ...more });
  return {
    tables: running,
    clock,
    inFlight,
    journal,
    raw: (operation: string, input: unknown): Promise<ServiceResponse> =>
      running.handler(aRequest('dynamodb', operation, input)),
    call: async (operation: string, input: unknown) => {
      const { status, body } = await running.handler(aRequest('dynamodb', operation, input));
      return { status, ...JSON.parse(body.toString()) };
    },
    streams: async (operation: string, input: unknown) =>
      JSON.parse(
        (await running.streamsHandler(aRequest('dynamodbstreams', operation, input))).body.toString(),
      ),
    changes: (name: string, after = 0) => running.stream(aStream(name).arn).read(after, 100_000),
    stop: async () => {
      await running.stop();
      clock.stop();
      journal.close();
    },
  };
}
