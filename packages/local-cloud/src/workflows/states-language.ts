import { z } from 'zod';

/**
 * The part of Amazon States Language that runs here: JSONPath, and Lambda functions as tasks. Objects are strict, so
 * that a field which would be ignored (HeartbeatSeconds, Assign, Credentials …) is refused by its name.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-amazon-states-language.html
 */

const path = z.string().startsWith('$', 'must be a JSONPath that begins with $');
const optionalPath = path.nullable().optional();
const wholeSeconds = z.int().positive();
const errorNames = z.array(z.string()).nonempty();
const template = z.union([z.record(z.string(), z.unknown()), z.array(z.unknown())]);

const retrier = z.strictObject({
  Comment: z.string().optional(),
  ErrorEquals: errorNames,
  IntervalSeconds: wholeSeconds.optional(),
  MaxAttempts: z.int().nonnegative().optional(),
  BackoffRate: z.number().min(1).optional(),
  MaxDelaySeconds: wholeSeconds.max(31_622_400).optional(),
  JitterStrategy: z.enum(['NONE', 'FULL']).optional(),
});

const catcher = z.strictObject({
  Comment: z.string().optional(),
  ErrorEquals: errorNames,
  ResultPath: optionalPath,
  Next: z.string(),
});

const any = { Comment: z.string().optional(), InputPath: optionalPath, OutputPath: optionalPath };
const onward = { Next: z.string().optional(), End: z.literal(true).optional() };
const failing = {
  ResultSelector: template.optional(),
  ResultPath: optionalPath,
  Retry: z.array(retrier).optional(),
  Catch: z.array(catcher).optional(),
};

const task = z.strictObject({
  ...any,
  ...onward,
  ...failing,
  Type: z.literal('Task'),
  Resource: z
    .string()
    .regex(
      /^arn:aws[\w-]*:(states:::lambda:invoke|lambda:[\w-]+:\d{12}:function:.+)$/,
      'only arn:aws:states:::lambda:invoke and ARNs of functions run here',
    ),
  Parameters: template.optional(),
  TimeoutSeconds: wholeSeconds.optional(),
  TimeoutSecondsPath: path.optional(),
});

const pass = z.strictObject({
  ...any,
  ...onward,
  Type: z.literal('Pass'),
  Result: z.unknown().optional(),
  Parameters: z.unknown().optional(),
  ResultPath: optionalPath,
});

const wait = z.strictObject({
  ...any,
  ...onward,
  Type: z.literal('Wait'),
  Seconds: z.int().nonnegative().optional(),
  SecondsPath: path.optional(),
  Timestamp: z.string().optional(),
  TimestampPath: path.optional(),
});

const choice = z.strictObject({
  ...any,
  Type: z.literal('Choice'),
  Choices: z.array(z.looseObject({ Next: z.string() })).nonempty(),
  Default: z.string().optional(),
});

const succeed = z.strictObject({ ...any, Type: z.literal('Succeed') });

const fail = z.strictObject({
  Type: z.literal('Fail'),
  Comment: z.string().optional(),
  Error: z.string().optional(),
  ErrorPath: path.optional(),
  Cause: z.string().optional(),
  CausePath: path.optional(),
});

const parallel = z.strictObject({
  ...any,
  ...onward,
  ...failing,
  Type: z.literal('Parallel'),
  Parameters: template.optional(),
  Branches: z.array(z.unknown()).nonempty(),
});

const map = z.strictObject({
  ...any,
  ...onward,
  ...failing,
  Type: z.literal('Map'),
  ItemsPath: path.optional(),
  ItemSelector: template.optional(),
  Parameters: template.optional(),
  MaxConcurrency: z.int().nonnegative().optional(),
  MaxConcurrencyPath: path.optional(),
  ItemProcessor: z.unknown().optional(),
  Iterator: z.unknown().optional(),
});

export const stateSchema = z.discriminatedUnion('Type', [
  task,
  pass,
  wait,
  choice,
  succeed,
  fail,
  parallel,
  map,
]);
export type State = z.infer<typeof stateSchema>;
export type TaskState = z.infer<typeof task>;

const states = z.record(z.string().min(1).max(80), stateSchema);

/** A whole definition. */
export const machineSchema = z.strictObject({
  Comment: z.string().optional(),
  Version: z.literal('1.0').optional(),
  QueryLanguage: z.literal('JSONPath').optional(),
  TimeoutSeconds: wholeSeconds.optional(),
  StartAt: z.string(),
  States: states,
});

/** A branch of a Parallel state or the inside of a Map state. */
export const branchSchema = z.strictObject({
  Comment: z.string().optional(),
  ProcessorConfig: z.strictObject({ Mode: z.literal('INLINE').optional() }).optional(),
  StartAt: z.string(),
  States: states,
});
export type Branch = z.infer<typeof branchSchema>;

/** Parameters of `arn:aws:states:::lambda:invoke`, as they reach the task. */
export const invokeParametersSchema = z.strictObject({
  FunctionName: z.string().min(1),
  Payload: z.unknown().optional(),
});
