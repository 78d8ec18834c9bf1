import { Meter } from './meter.ts';
import { countTransition } from './transitions.ts';

const PLAIN = [
  'ExecutionStarted',
  'TaskStateEntered',
  'TaskScheduled',
  'TaskStarted',
  'TaskSucceeded',
  'TaskStateExited',
];
const RETRIED = [
  'TaskStateEntered',
  'TaskScheduled',
  'TaskFailed',
  'TaskScheduled',
  'TaskTimedOut',
  'TaskScheduled',
];

it.each([
  ['a task: the start and the task', [...PLAIN, 'ExecutionSucceeded'], 2],
  ['a task with two retries', RETRIED, 3],
  ['a bare function', ['TaskStateEntered', 'LambdaFunctionScheduled', 'LambdaFunctionSucceeded'], 1],
  ['other states', ['ChoiceStateEntered', 'ChoiceStateExited', 'SucceedStateEntered', 'PassStateEntered'], 3],
])('bills %s', (_, events, expected) => {
  const meter = new Meter();

  for (const event of events) countTransition(meter, { name: 'flow', type: 'STANDARD' }, event);

  expect(meter.reading().total).toEqual({ 'states.transitions': expected });
});

it('bills an Express workflow by its executions', () => {
  const meter = new Meter();

  for (const event of PLAIN) countTransition(meter, { name: 'flow', type: 'EXPRESS' }, event);

  expect(meter.reading().total).toEqual({ 'states.expressRequests': 1 });
});
