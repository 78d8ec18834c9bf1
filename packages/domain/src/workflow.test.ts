import { startRequest, workflowStart } from './workflow.ts';

const TRACE = 'Root=1-4ec1c1c0-0123456789abcdef01234567;Sampled=1';

it.each([
  ['first', 0, 'o-1'],
  ['second', 1, 'o-1.r1'],
])('the %s execution of an order has its name, and the input and trace of all others', (_, restart, name) => {
  expect(startRequest('arn:machine', workflowStart('o-1', TRACE, restart))).toEqual({
    stateMachineArn: 'arn:machine',
    name,
    input: JSON.stringify({ orderId: 'o-1', trace: TRACE }),
    traceHeader: TRACE,
  });
});

it.each([undefined, 7, 'no trace'])('the trace %j is left out', (trace) => {
  expect(startRequest('arn:machine', workflowStart('o-1', trace))).toEqual({
    stateMachineArn: 'arn:machine',
    name: 'o-1',
    input: '{"orderId":"o-1"}',
  });
});
