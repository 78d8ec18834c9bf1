import type { handler as Handler } from './handler.ts';
import { AwsServer } from './testing/aws-server.ts';
import { moved, placed, unreadable } from './testing/records.ts';

const server = new AwsServer();
let handler: typeof Handler;

beforeAll(async () => {
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: await server.start(),
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'AKIATEST',
    AWS_SECRET_ACCESS_KEY: 'hush',
    ORDERS_TABLE: 'shop-orders',
    PRODUCTS_TABLE: 'shop-products',
    STOCK_TABLE: 'shop-stock',
    WORKFLOW_ARN: 'arn:workflow',
    EVENT_BUS: 'shop',
    QUARANTINE_BUCKET: 'letters',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
  });
  ({ handler } = await import('./handler.ts'));
});

beforeEach(() => server.forget());
afterAll(() => server.stop());

it('starts workflows, publishes events and quarantines what nobody can read', async () => {
  const Records = [placed('o-1'), unreadable('o-2'), moved('o-3', 'PAID', 'ALLOCATED')];

  const response = await handler({ Records });

  expect(response).toEqual({ batchItemFailures: [] });
  expect(server.received.map(({ operation }) => operation).toSorted()).toEqual([
    'AWSEvents.PutEvents',
    'AWSStepFunctions.StartExecution',
    'PUT',
  ]);
});

it('reports what failed by its number, lowest first', async () => {
  server.answers.set('AWSStepFunctions.StartExecution', {
    status: 400,
    body: { __type: 'StateMachineDoesNotExist' },
  });
  const Records = [moved('o-0', 'PLACED', 'VALIDATED'), placed('o-1'), moved('o-1', 'PLACED', 'VALIDATED')];

  const { batchItemFailures } = await handler({ Records });

  expect(batchItemFailures).toEqual(
    Records.slice(1).map(({ dynamodb }) => ({ itemIdentifier: dynamodb.SequenceNumber })),
  );
});

it('asks for the whole batch again where a record has no number', async () => {
  server.answers.set('PUT', { status: 503, body: {} });

  const { batchItemFailures } = await handler({ Records: [{ eventID: 'e-1' }] });

  expect(batchItemFailures).toEqual([{ itemIdentifier: '' }]);
});

it('reports what nobody can read where it is redriven, and why, and keeps it no second time', async () => {
  const Records = [unreadable('o-2')];

  const { batchItemFailures } = await handler({ Records, redriven: true });

  expect(batchItemFailures).toEqual([
    {
      itemIdentifier: Records[0]!.dynamodb.SequenceNumber,
      reason: expect.stringContaining('UnreadableChange'),
    },
  ]);
  expect(server.received).toEqual([]);
});
