import { logger } from '@orderstream/lambda-kit';
import { awsDeadLetters } from './aws.ts';
import { DEPLOYMENT } from './testing/memory.ts';

beforeAll(() => {
  process.env['AWS_REGION'] = 'eu-west-1';
  process.env['AWS_ACCESS_KEY_ID'] = 'AKIATEST';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'hush';
});
afterEach(() => jest.restoreAllMocks());

it('notices that can not be cleared hide nothing of what was done', async () => {
  const warn = jest.spyOn(logger, 'warn').mockReturnValue();
  jest.spyOn(globalThis, 'fetch').mockRejectedValue(new TypeError('SQS is away.'));
  const { clearNotices } = awsDeadLetters(DEPLOYMENT, { read: async () => undefined }, Date.now);

  await clearNotices(() => false);

  expect(warn).toHaveBeenCalledWith(expect.stringContaining('Notices'), {
    error: expect.objectContaining({ message: 'SQS is away.' }),
  });
});
