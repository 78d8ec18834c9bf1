import type { ServiceRequest } from '../endpoint/service.ts';
import { FunctionCalls } from './function-calls.ts';

function callOf(name: string, trace?: string, kind: 'function' | 'operator' = 'function'): ServiceRequest {
  return {
    service: 'dynamodb',
    operation: 'PutItem',
    method: 'POST',
    url: '/',
    headers: trace === undefined ? {} : { 'x-amzn-trace-id': trace },
    body: Buffer.of(),
    caller: { kind, name, roleArn: undefined },
  };
}

it.each<[what: string, call: ServiceRequest, counts: boolean]>([
  ['a call of the run', callOf('api', 'Root=1'), true],
  ['a call of the function without a trace', callOf('api'), true],
  ['a call of another run of the function', callOf('api', 'Root=2'), false],
  ['a call of another function', callOf('sales', 'Root=1'), false],
  ['a call of an operator', callOf('api', 'Root=1', 'operator'), false],
])('%s counts: %j', async (_what, call, counts) => {
  const calls = new FunctionCalls();
  const onLast = jest.fn();
  calls.watch('api', 'Root=1', 2, onLast);

  await calls.carriedOut(call);
  expect(onLast).not.toHaveBeenCalled();
  await calls.carriedOut(call);
  expect(onLast).toHaveBeenCalledTimes(counts ? 1 : 0);
  await calls.carriedOut(call);
  expect(onLast).toHaveBeenCalledTimes(counts ? 1 : 0);
});

it('nothing is counted for a watch that was ended', async () => {
  const calls = new FunctionCalls();
  const onLast = jest.fn();
  calls.watch('api', 'Root=1', 1, onLast)();

  await calls.carriedOut(callOf('api', 'Root=1'));

  expect(onLast).not.toHaveBeenCalled();
});
