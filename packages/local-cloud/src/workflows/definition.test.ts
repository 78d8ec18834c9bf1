import { readDefinition } from './definition.ts';
import { NO_TIMEOUT_SECONDS } from './engine.ts';
import { invoke, machineOf } from './workflows.fixture.ts';

const pass = { Type: 'Pass', End: true };
const machine = (state: object) => ({ StartAt: 'A', States: { A: state } });
const task = (rest: object) => machine({ ...invoke('f', { End: true }), ...rest });
const inMap = (state: object) => machine({ Type: 'Map', End: true, ItemProcessor: machine(state) });

it.each<[string, object | string, string]>([
  ['text that is not JSON', '{', 'not JSON'],
  ['a missing start', { States: { A: pass } }, 'StartAt:'],
  ['a start that leads nowhere', { StartAt: 'B', States: { A: pass } }, 'StartAt: there is no state named B'],
  ['JSONata', { ...machine(pass), QueryLanguage: 'JSONata' }, 'QueryLanguage:'],
  ['an unknown type', machine({ Type: 'Sleep' }), 'States.A.Type:'],
  [
    'a Next that leads nowhere',
    machine({ Type: 'Pass', Next: 'B' }),
    'States.A.Next: there is no state named B',
  ],
  ['neither Next nor End', machine({ Type: 'Pass' }), 'States.A: must have either Next or End'],
  [
    'a Catch that leads nowhere',
    task({ Catch: [{ ErrorEquals: ['E'], Next: 'B' }] }),
    'States.A.Catch.0.Next',
  ],
  [
    'a choice that leads nowhere',
    machine({ Type: 'Choice', Choices: [{ Variable: '$.a', IsPresent: true, Next: 'B' }] }),
    'States.A.Choices.0.Next',
  ],
  ['heartbeats', task({ HeartbeatSeconds: 5 }), 'HeartbeatSeconds'],
  ['variables', machine({ ...pass, Assign: {} }), 'Assign'],
  [
    'a task token',
    task({ Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken' }),
    'States.A.Resource',
  ],
  ['another service', task({ Resource: 'arn:aws:states:::dynamodb:putItem' }), 'States.A.Resource'],
  [
    'an invocation type',
    task({ Parameters: { FunctionName: 'f', InvocationType: 'Event' } }),
    'Parameters.InvocationType',
  ],
  ['no function name', task({ Parameters: { Payload: {} } }), 'FunctionName is missing'],
  [
    'an unknown jitter',
    task({ Retry: [{ ErrorEquals: ['E'], JitterStrategy: 'HALF' }] }),
    'Retry.0.JitterStrategy',
  ],
  ['a distributed map', machine({ Type: 'Map', End: true, ItemReader: {} }), 'ItemReader'],
  ['a fault inside a Map', inMap({ Type: 'Pass', Next: 'B' }), 'States.A.ItemProcessor.States.A.Next'],
  [
    'the execution input inside a Map',
    inMap({ ...pass, Parameters: { 'x.$': '$$.Execution.Input.id' } }),
    '$$.Execution.Input cannot be read inside',
  ],
])('a definition with %s is refused by name', (_what, definition, problem) => {
  const read = () => readDefinition(machineOf(definition));
  expect(read).toThrow(/^The definition of state machine orders cannot be run:/);
  expect(read).toThrow(problem);
});

it('names every problem at once', () => {
  const read = () =>
    readDefinition(
      machineOf({ StartAt: 'X', States: { A: { Type: 'Pass', Next: 'Y' }, B: { Type: 'Pass' } } }),
    );
  expect(read).toThrow(/StartAt[^]*States\.A\.Next[^]*States\.B/);
});

it('refuses an EXPRESS state machine', () => {
  expect(() => readDefinition({ ...machineOf(machine(pass)), type: 'EXPRESS' })).toThrow(/EXPRESS/);
});

it('gives a task without a timeout the longest there is', () => {
  const { root, levels } = readDefinition(machineOf(task({})));
  expect(root).toMatchObject({ States: { A: { TimeoutSeconds: NO_TIMEOUT_SECONDS } } });
  expect(levels.get(root)?.tasks).toMatchObject([{ name: 'A', kind: 'invoke', timeoutSeconds: undefined }]);
});

it('keeps a path to the whole input where it says something', () => {
  const { root } = readDefinition(machineOf(machine({ Type: 'Wait', SecondsPath: '$', End: true })));
  expect(root).toMatchObject({ States: { A: { SecondsPath: '$' } } });
});
