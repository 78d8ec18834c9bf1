import {
  BUSINESS_ERRORS,
  COMPENSATION,
  RETRYABLE_ERRORS,
  STAGES,
  TIMEOUTS,
  type StageName,
} from '@orderstream/domain';

const STATES = { ...STAGES, ...COMPENSATION } as const;

/** An app that works for the workflow. */
export type StageApp = (typeof STATES)[StageName]['function'];

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds: number;
  readonly BackoffRate: number;
  readonly MaxDelaySeconds: number;
  readonly MaxAttempts: number;
  readonly JitterStrategy: 'FULL';
}

export interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly ResultPath?: string;
  readonly Next: string;
}

export interface TaskState {
  readonly Type: 'Task';
  readonly Resource: 'arn:aws:states:::lambda:invoke';
  readonly Parameters: {
    readonly FunctionName: string;
    readonly Payload: { readonly action: string; readonly 'input.$': '$' };
  };
  readonly TimeoutSeconds: number;
  readonly ResultSelector?: Readonly<Record<string, string>>;
  readonly ResultPath: string | null;
  readonly Retry: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
  readonly Next?: string;
  readonly End?: true;
}

export interface ChoiceState {
  readonly Type: 'Choice';
  readonly Choices: readonly {
    readonly Variable: string;
    readonly StringEquals: string;
    readonly Next: string;
  }[];
  readonly Default: string;
}

export type EndState =
  | { readonly Type: 'Succeed'; readonly Comment: string }
  | { readonly Type: 'Fail'; readonly Error: string; readonly Cause: string };

export type State = TaskState | ChoiceState | EndState;

/** A definition in the Amazon States Language. */
export interface WorkflowDefinition {
  readonly Comment: string;
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

/**
 * What passes, so that the same call may succeed later: our retryable errors, Lambda's own troubles, and every way in
 * which an invocation can end without an answer. After those nobody knows how far the function came; it is run again
 * all the same, because a stage may run twice at any point.
 */
export const PASSING_ERRORS: readonly string[] = [
  ...RETRYABLE_ERRORS,
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
  'Lambda.Unknown',
  'Sandbox.Timedout',
  'Runtime.ExitError',
  'States.Timeout',
];

const passing = { ErrorEquals: PASSING_ERRORS, BackoffRate: 2, JitterStrategy: 'FULL' } as const;

/** About 25 minutes (jitter halves the delays): a provider that is away for ten minutes only delays its orders. */
const STAGE_RETRY: Retrier = { ...passing, IntervalSeconds: 1, MaxDelaySeconds: 120, MaxAttempts: 30 };

/** More than two hours: what is half undone is worth waiting for, and after that a person has to look at it. */
const COMPENSATION_RETRY: Retrier = {
  ...passing,
  IntervalSeconds: 2,
  MaxDelaySeconds: 300,
  MaxAttempts: 60,
};

/** Somebody else closed the order: this execution has nothing to do, and that is well. */
const ENDS_WELL: Catcher = { ErrorEquals: ['AlreadyClosed'], Next: 'AlreadyClosed' };

const COMPENSATES: readonly Catcher[] = [
  { ErrorEquals: BUSINESS_ERRORS, ResultPath: '$.failure', Next: 'BeginClosing' },
  { ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'BeginClosing' },
];

/**
 * The order workflow. Its input is `{orderId, trace?}`; every function gets `{action, input}`, where input is the
 * state's own input and, in compensation, carries the error as `failure {Error, Cause}`.
 *
 * The stages follow each other and nothing stands between them: transitions are billed. A stage that fails leads to
 * compensation. A compensation task that fails in spite of its patience fails the execution *there*: from a failed
 * task an execution can be redriven, from a Fail state it can't. There is no timeout of the whole.
 *
 * @param functionArn ARN of the function that runs an app.
 */
export function orderWorkflow(functionArn: (app: StageApp) => string): WorkflowDefinition {
  const task = (name: StageName): Omit<TaskState, 'Retry'> => ({
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Parameters: {
      FunctionName: functionArn(STATES[name].function),
      Payload: { action: STATES[name].action, 'input.$': '$' },
    },
    TimeoutSeconds: TIMEOUTS.task,
    ResultPath: null,
  });
  const stage = (name: keyof typeof STAGES, then: { Next: StageName } | { End: true }): TaskState => ({
    ...task(name),
    Retry: [STAGE_RETRY],
    Catch: [ENDS_WELL, ...COMPENSATES],
    ...then,
  });
  const undo = (name: keyof typeof COMPENSATION, Next: StageName | 'HowClosed'): TaskState => ({
    ...task(name),
    Retry: [COMPENSATION_RETRY],
    Next,
  });

  return {
    Comment: 'Takes one order from PLACED to its end.',
    StartAt: 'ValidateOrder',
    States: {
      ValidateOrder: stage('ValidateOrder', { Next: 'ProcessPayment' }),
      ProcessPayment: stage('ProcessPayment', { Next: 'UpdateInventory' }),
      UpdateInventory: stage('UpdateInventory', { Next: 'ShipOrder' }),
      ShipOrder: stage('ShipOrder', { End: true }),

      BeginClosing: { ...undo('BeginClosing', 'ReleaseInventory'), Catch: [ENDS_WELL] },
      ReleaseInventory: undo('ReleaseInventory', 'VoidShipment'),
      VoidShipment: undo('VoidShipment', 'RefundPayment'),
      RefundPayment: undo('RefundPayment', 'CloseOrder'),
      CloseOrder: {
        ...undo('CloseOrder', 'HowClosed'),
        ResultSelector: { 'status.$': '$.Payload.status' },
        ResultPath: '$.closed',
      },

      HowClosed: {
        Type: 'Choice',
        Choices: [{ Variable: '$.closed.status', StringEquals: 'FAILED', Next: 'OrderFailed' }],
        Default: 'OrderClosed',
      },
      OrderClosed: {
        Type: 'Succeed',
        Comment: 'Rejected or cancelled: a business end, and everything undone.',
      },
      AlreadyClosed: { Type: 'Succeed', Comment: 'Another execution closed the order.' },
      OrderFailed: {
        Type: 'Fail',
        Error: 'OrderFailed',
        Cause:
          'A technical failure. Everything was undone and the order stands at FAILED; `failure` in the input of BeginClosing says why.',
      },
    },
  };
}
