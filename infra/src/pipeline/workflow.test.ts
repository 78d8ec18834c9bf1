import { BUSINESS_ERRORS, COMPENSATION, RETRYABLE_ERRORS, STAGES, TIMEOUTS } from '@orderstream/domain';
import { orderWorkflow, type Retrier, type State, type TaskState } from './workflow.ts';

const definition = orderWorkflow((app) => `arn:of:${app}`);
const stages = Object.entries(STAGES).map(([name, stage]) => ({ name, ...stage }));
const compensation = Object.entries(COMPENSATION).map(([name, stage]) => ({ name, ...stage }));

function task(name: string): TaskState {
  const state = definition.States[name];
  if (state?.Type !== 'Task') throw new Error(`${name} is no task`);
  return state;
}

function targets(state: State): string[] {
  switch (state.Type) {
    case 'Task':
      return [
        ...(state.Next === undefined ? [] : [state.Next]),
        ...(state.Catch ?? []).map(({ Next }) => Next),
      ];
    case 'Choice':
      return [...state.Choices.map(({ Next }) => Next), state.Default];
    default:
      return [];
  }
}

function retrier(name: string): Retrier {
  return task(name).Retry[0]!;
}

/** Seconds until the retries are used up: at most, and on average, since full jitter halves each delay. */
function patience({ IntervalSeconds, BackoffRate, MaxDelaySeconds, MaxAttempts }: Retrier) {
  let most = 0;
  for (let attempt = 0; attempt < MaxAttempts; attempt += 1) {
    most += Math.min(IntervalSeconds * BackoffRate ** attempt, MaxDelaySeconds);
  }
  return { most, average: most / 2 };
}

describe('the order workflow', () => {
  it('leads only to states that exist', () => {
    const missing = Object.values(definition.States)
      .flatMap(targets)
      .filter((name) => !(name in definition.States));

    expect(missing).toEqual([]);
  });

  it('reaches each of its states', () => {
    const reached = new Set([definition.StartAt]);
    for (const name of reached) for (const next of targets(definition.States[name]!)) reached.add(next);

    expect([...reached].sort()).toEqual(Object.keys(definition.States).sort());
  });

  it('ends every task either in a next state or in the end', () => {
    for (const { name } of [...stages, ...compensation]) {
      expect([task(name).Next, task(name).End].filter((way) => way !== undefined)).toHaveLength(1);
    }
  });

  it('ships an order in the four stages and nothing else, within six billed transitions', () => {
    const way: string[] = [];
    for (let name: string | undefined = definition.StartAt; name !== undefined; name = task(name).Next)
      way.push(name);

    expect(way).toEqual(['ValidateOrder', 'ProcessPayment', 'UpdateInventory', 'ShipOrder']);
    expect(way.length + 1).toBeLessThanOrEqual(6);
  });

  it('undoes an order in the order of the domain, then ends by how it was closed', () => {
    const names = Object.keys(COMPENSATION);

    expect(names.map((name) => task(name).Next)).toEqual([...names.slice(1), 'HowClosed']);
    expect(definition.States['HowClosed']).toMatchObject({
      Choices: [{ Variable: '$.closed.status', StringEquals: 'FAILED', Next: 'OrderFailed' }],
      Default: 'OrderClosed',
    });
    expect(task('CloseOrder')).toMatchObject({
      ResultSelector: { 'status.$': '$.Payload.status' },
      ResultPath: '$.closed',
    });
  });

  it('succeeds at business ends and fails only where a person is needed', () => {
    expect(definition.States['OrderClosed']).toMatchObject({ Type: 'Succeed' });
    expect(definition.States['AlreadyClosed']).toMatchObject({ Type: 'Succeed' });
    expect(definition.States['OrderFailed']).toMatchObject({ Type: 'Fail', Error: 'OrderFailed' });
  });

  describe.each([...stages, ...compensation])('$name', ({ name, function: app, action }) => {
    it('calls its function with its action and the whole input', () => {
      expect(task(name)).toMatchObject({
        Resource: 'arn:aws:states:::lambda:invoke',
        Parameters: { FunctionName: `arn:of:${app}`, Payload: { action, 'input.$': '$' } },
      });
    });

    it('waits longer than its function may take, and that longer than the gateway', () => {
      expect(task(name).TimeoutSeconds).toBeGreaterThan(TIMEOUTS.function);
      expect(TIMEOUTS.function).toBeGreaterThan(TIMEOUTS.gateway);
    });

    it('retries what passes, with full jitter, and never a business error', () => {
      const { ErrorEquals, JitterStrategy } = retrier(name);

      expect(task(name).Retry).toHaveLength(1);
      expect(JitterStrategy).toBe('FULL');
      expect(ErrorEquals).toEqual(
        expect.arrayContaining([
          ...RETRYABLE_ERRORS,
          'Lambda.ServiceException',
          'Lambda.AWSLambdaException',
          'Lambda.SdkClientException',
          'Lambda.TooManyRequestsException',
          'States.Timeout',
        ]),
      );
      expect(ErrorEquals.filter((error) => ['AlreadyClosed', ...BUSINESS_ERRORS].includes(error))).toEqual(
        [],
      );
    });
  });

  describe.each(stages)('the stage $name', ({ name }) => {
    it('ends well when the order is closed, and compensates after anything else, business errors first', () => {
      expect(task(name).Catch).toEqual([
        { ErrorEquals: ['AlreadyClosed'], Next: 'AlreadyClosed' },
        { ErrorEquals: BUSINESS_ERRORS, ResultPath: '$.failure', Next: 'BeginClosing' },
        { ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'BeginClosing' },
      ]);
    });

    it('hands its own input on, so that no result grows the state', () => {
      expect(task(name).ResultPath).toBeNull();
    });

    it('outlasts a provider that is away for ten minutes', () => {
      expect(patience(retrier(name)).average).toBeGreaterThan(20 * 60);
    });
  });

  describe.each(compensation)('the compensation $name', ({ name }) => {
    it('leaves a failure in its own task, where it can be redriven', () => {
      expect(task(name).Catch).toEqual(
        name === 'BeginClosing' ? [{ ErrorEquals: ['AlreadyClosed'], Next: 'AlreadyClosed' }] : undefined,
      );
    });

    it('is patient for hours', () => {
      expect(patience(retrier(name)).average).toBeGreaterThan(2 * 60 * 60);
    });
  });
});
