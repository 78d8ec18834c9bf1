import type { handler as Handler } from './handler.ts';
import { activity, batch, view } from './testing/records.ts';

let handler: typeof Handler;
const written: string[] = [];

beforeAll(async () => {
  Object.assign(process.env, {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'AKIATEST',
    AWS_SECRET_ACCESS_KEY: 'hush',
    SUMMARIES_TABLE: 'summaries',
    POWERTOOLS_SERVICE_NAME: 'track-activity',
    POWERTOOLS_METRICS_NAMESPACE: 'Orderstream',
  });
  const keep = (text: unknown) => written.push(String(text)) > 0;
  for (const stream of [process.stdout, process.stderr]) jest.spyOn(stream, 'write').mockImplementation(keep);
  jest.spyOn(console, 'log').mockImplementation(keep);
  ({ handler } = await import('./handler.ts'));
});

afterAll(() => jest.restoreAllMocks());

it('answers as Lambda wants it, and tells of bad records without their content', async () => {
  const bad = activity(2, 'view', { text: { S: 'my secret wish' } });

  const answer = await handler(batch([view(1, 'MUG'), bad]));

  expect(answer).toMatchObject({ state: { views: { '2026-11-23T09:15 MUG': 1 } }, batchItemFailures: [] });
  const told = written.join('\n');
  expect(told).toContain('event-2');
  expect(told).toContain('ActivitiesUnreadable');
  expect(told).not.toContain('secret');
});

it('refuses a batch that belongs to no window', async () => {
  const { Records } = batch([]);

  await expect(handler(JSON.parse(JSON.stringify({ Records })))).rejects.toThrow(
    'tumbling_window_in_seconds',
  );
});
