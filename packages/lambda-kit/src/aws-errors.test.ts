import { OutOfStock, Throttled } from '@orderstream/domain';
import { asThrottled } from './aws-errors.ts';

const error = (name: string, more: object = {}) => Object.assign(new Error('from AWS'), { name }, more);

it.each([
  ['a throttle', error('ThrottlingException', { $metadata: { httpStatusCode: 400 } })],
  ['a table over its throughput', error('ProvisionedThroughputExceededException')],
  ['a conflict with a transaction', error('TransactionConflictException')],
  ['a server error', error('InternalServerError', { $metadata: { httpStatusCode: 500 } })],
  ['an unavailable service', error('ServiceUnavailable', { $metadata: { httpStatusCode: 503 } })],
  ['a refused connection', error('Error', { code: 'ECONNREFUSED' })],
  ['a reset connection', error('Error', { code: 'ECONNRESET' })],
  ['a request that took too long', error('TimeoutError')],
])('%s is asked again', (_, thrown) => {
  const told = asThrottled(thrown);

  expect(told).toBeInstanceOf(Throttled);
  expect(told).toMatchObject({ name: 'Throttled', cause: thrown });
});

it.each([
  ['a missing permission', error('AccessDeniedException', { $metadata: { httpStatusCode: 400 } })],
  ['a wrong request', error('ValidationException', { $metadata: { httpStatusCode: 400 } })],
  ['a mistake of ours', new TypeError('x is not a function')],
  ['a business error', new OutOfStock('1', ['A'])],
  ['what is no error', 'text'],
])('%s stays as it is', (_, thrown) => {
  expect(asThrottled(thrown)).toBe(thrown);
});
