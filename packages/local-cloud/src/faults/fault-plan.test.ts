import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FaultPlanError, parseFaultPlan, readFaultPlan } from './fault-plan.ts';

const FAULT = { service: 'dynamodb', probability: 0.5, kind: 'error' };
const SERVICES = 'dynamodb, dynamodbstreams, sqs, sns, s3, events, states, ses, sts, es, lambda, targets';
const KINDS = 'error, throttle, timeout, latency, lostAnswer, duplicate, reorder, crash, kill';

/** What is said of a plan with this one fault. */
function problemsOf(document: unknown): readonly string[] {
  try {
    parseFaultPlan(document);
    return [];
  } catch (error) {
    if (error instanceof FaultPlanError) return error.problems;
    throw error;
  }
}

describe('a plan is refused', () => {
  it.each<[what: string, fault: object, problem: string]>([
    [
      'for a member that no fault has',
      { chance: 0.1 },
      'faults[0].chance: 0.1 is not allowed, as there is no such member; allowed: name, service, operation, function, probability, most, after, until, kind, code, status, message.',
    ],
    [
      'for a member that only another kind has',
      { kind: 'throttle', code: 'X' },
      'faults[0].code: "X" is not allowed, as there is no such member; allowed: name, service, operation, function, probability, most, after, until, kind.',
    ],
    [
      'for an unknown service',
      { service: 'stepfunctions' },
      `faults[0].service: "stepfunctions" is not allowed; allowed: ${SERVICES}.`,
    ],
    ['for a missing service', { service: undefined }, `faults[0].service is missing; allowed: ${SERVICES}.`],
    ['for an unknown kind', { kind: 'Error' }, `faults[0].kind: "Error" is not allowed; allowed: ${KINDS}.`],
    ['for a missing kind', { kind: undefined }, `faults[0].kind is missing; allowed: ${KINDS}.`],
    [
      'for an operation that the service does not have',
      { service: 'ses', operation: 'SendMail' },
      'faults[0].operation: "SendMail" is not allowed; allowed: of ses: SendEmail.',
    ],
    [
      'for a probability above 1',
      { probability: 5 },
      'faults[0].probability: 5 is not allowed; allowed: a number from 0 to 1.',
    ],
    [
      'for a missing probability',
      { probability: undefined },
      'faults[0].probability is missing; allowed: a number from 0 to 1.',
    ],
    [
      'for a probability in words',
      { probability: '0.1' },
      'faults[0].probability: "0.1" is not allowed; allowed: a number from 0 to 1.',
    ],
    ['for no strikes', { most: 0 }, 'faults[0].most: 0 is not allowed; allowed: a whole number from 1 on.'],
    [
      'for a half strike',
      { most: 1.5 },
      'faults[0].most: 1.5 is not allowed; allowed: a whole number from 1 on.',
    ],
    [
      'for a time before the start',
      { after: -1 },
      'faults[0].after: -1 is not allowed; allowed: seconds from 0 on.',
    ],
    [
      'for an end before its beginning',
      { after: 10, until: 10 },
      'faults[0].until: 10 is not allowed; allowed: seconds after 10.',
    ],
    [
      'for a status that is no error',
      { status: 200 },
      'faults[0].status: 200 is not allowed; allowed: a whole number from 400 to 599.',
    ],
    [
      'for a latency without its length',
      { kind: 'latency' },
      'faults[0].ms is missing; allowed: milliseconds from 0 to 86400000, or [from, to].',
    ],
    [
      'for a latency from more to less',
      { kind: 'latency', ms: [9, 1] },
      'faults[0].ms: [9,1] is not allowed; allowed: milliseconds from 0 to 86400000, or [from, to].',
    ],
    [
      'for an answer lost in an unknown way',
      { kind: 'lostAnswer', answer: 'never' },
      'faults[0].answer: "never" is not allowed; allowed: broken, error.',
    ],
    [
      'for a crash at an unknown moment',
      { service: 'lambda', kind: 'crash', at: { second: 3 } },
      'faults[0].at: {"second":3} is not allowed; allowed: before, after, {"ms": from 0 on}, {"calls": from 1 on}.',
    ],
    [
      'for a kill in the middle',
      { kind: 'kill', at: { ms: 3 } },
      'faults[0].at: {"ms":3} is not allowed; allowed: before, after.',
    ],
    [
      'for a crash of what has no thread',
      { kind: 'crash' },
      'faults[0].service: "dynamodb" is not allowed; allowed: with kind crash: lambda.',
    ],
    [
      'for another order of what is no delivery',
      { kind: 'reorder' },
      'faults[0].service: "dynamodb" is not allowed; allowed: with kind reorder: lambda, targets.',
    ],
    [
      'for a function’s timeout of its own length',
      { service: 'lambda', kind: 'timeout', ms: 5 },
      'faults[0].ms: 5 is not allowed; allowed: with service lambda: none, the function’s own timeout counts.',
    ],
    [
      'for an empty name',
      { name: '' },
      'faults[0].name: "" is not allowed; allowed: a text of 1 to 100 characters.',
    ],
  ])('%s', (_what, changed, problem) => {
    expect(problemsOf({ seed: 1, faults: [{ ...FAULT, ...changed }] })).toEqual([problem]);
  });

  it.each<[what: string, document: unknown, problem: string]>([
    ['without a seed', { faults: [] }, 'seed is missing; allowed: a whole number.'],
    ['for a seed in words', { seed: 'x', faults: [] }, 'seed: "x" is not allowed; allowed: a whole number.'],
    ['without faults', { seed: 1 }, 'faults is missing; allowed: a list of faults.'],
    [
      'for an unknown member beside them',
      { seed: 1, faults: [], Seed: 2 },
      'Seed: 2 is not allowed, as there is no such member; allowed: seed, faults.',
    ],
    ['for a list', [], 'The document must be an object, not [].'],
    [
      'for a fault that is a text',
      { seed: 1, faults: ['error'] },
      'faults[0] must be an object, not "error".',
    ],
    [
      'for two faults of one name, which would strike at the same times',
      { seed: 1, faults: [FAULT, FAULT] },
      'Two faults are called "error dynamodb": give each a "name" of its own.',
    ],
  ])('%s', (_what, document, problem) => {
    expect(problemsOf(document)).toEqual([problem]);
  });

  it('with everything that is wrong in it at once', () => {
    const faults = [
      { ...FAULT, probability: 2 },
      { ...FAULT, name: 'other', service: 'sqs', operation: 'Send' },
    ];

    expect(problemsOf({ seed: 1, faults })).toEqual([
      expect.stringContaining('faults[0].probability: 2'),
      expect.stringContaining('faults[1].operation: "Send"'),
    ]);
  });
});

it.each([
  { service: 'dynamodb', kind: 'error', probability: 0, code: 'X', status: 503, message: 'no' },
  { service: 's3', kind: 'throttle', probability: 1, operation: 'PutObject', most: 3 },
  { service: 'events', kind: 'timeout', probability: 1, ms: 100 },
  { service: 'states', kind: 'latency', probability: 1, ms: [1, 1], after: 1, until: 2 },
  { service: 'sqs', kind: 'lostAnswer', probability: 1, answer: 'error' },
  { service: 'targets', kind: 'duplicate', probability: 1, ms: 10 },
  { service: 'lambda', kind: 'reorder', probability: 1, function: '*-sales' },
  { service: 'lambda', kind: 'crash', probability: 1, at: { calls: 2 }, name: 'dies' },
  { service: 'es', kind: 'kill', probability: 1, at: 'before' },
])('a fault is taken as it is: $service $kind', (fault) => {
  expect(parseFaultPlan({ seed: 1, faults: [fault] })).toEqual({ seed: 1, faults: [fault] });
});

describe('a fault file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'faults-'));
  const file = join(folder, 'faults.json');
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is read', () => {
    writeFileSync(file, JSON.stringify({ seed: 7, faults: [FAULT] }));

    expect(readFaultPlan(file)).toEqual({ seed: 7, faults: [FAULT] });
  });

  it.each(['{"seed": 7,', undefined])('that can’t be read is named', (text) => {
    rmSync(file, { force: true });
    if (text !== undefined) writeFileSync(file, text);

    expect(() => readFaultPlan(file)).toThrow(`${file} can't be used:\n  It is no readable JSON file: `);
  });

  it('may be the one that the documentation shows', () => {
    const page = readFileSync(join(import.meta.dirname, '../../../../docs/faults.md'), 'utf8');
    const [, example = ''] = /```json\n([^`]+)```/.exec(page) ?? [];

    expect(parseFaultPlan(JSON.parse(example)).faults).toHaveLength(5);
  });
});
