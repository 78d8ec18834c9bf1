import { MovableClock } from '../clock.ts';
import type { ServiceRequest } from '../endpoint/service.ts';
import type { InvokeCause, InvokeResult } from '../functions/invoker.ts';
import { InFlight } from '../in-flight.ts';
import type { KeptProcess } from '../journal/crash.fixture.ts';
import { Journal } from '../journal/journal.ts';
import type { StateMachine } from '../stack/model.ts';
import type { ExecutionEnd } from './execution.ts';
import { Workflows } from './workflows.ts';

export const MACHINE_ARN = 'arn:aws:states:eu-central-1:111111111111:stateMachine:orders';

/** A function of a test: answers with its result, or throws what the invoker throws. */
export type TestFunction = (event: unknown, cause: InvokeCause) => unknown;

/** The error document of a function that threw. */
export class FunctionError extends Error {
  constructor(errorType: string, message = '') {
    super(message);
    this.name = errorType;
  }
}

/** An execution's history as a test compares it: id, predecessor, type. */
export type Line = [id: number, previousId: number, type: string];

/** Workflows of one state machine, with functions that run in the test. */
export class TestWorkflows {
  readonly clock: MovableClock;
  readonly inFlight = new InFlight();
  readonly journal: Journal;
  readonly failures: ExecutionEnd[] = [];
  workflows: Workflows;
  readonly #make: () => Workflows;
  #machines: readonly StateMachine[];

  /** @param kept what a state folder keeps, where the test kills processes. */
  constructor(
    definition: object,
    functions: Record<string, TestFunction> = {},
    kept: KeptProcess = { journal: new Journal(':memory:'), clock: new MovableClock() },
  ) {
    this.#machines = [machineOf(definition)];
    this.journal = kept.journal;
    this.clock = kept.clock;
    this.#make = () =>
      new Workflows({
        stateMachines: this.#machines,
        invoker: { invoke: (name, payload, cause) => invokeWith(functions, name, payload, cause) },
        clock: this.clock,
        inFlight: this.inFlight,
        journal: this.journal,
        region: 'eu-central-1',
        accountId: '111111111111',
        onFailure: (end) => this.failures.push(end),
      });
    this.workflows = this.#make();
  }

  /** Changes the stack; it takes effect at the next {@link crash}. */
  change(definition: object): void {
    this.#machines = [machineOf(definition)];
  }

  /** Takes the state machine from the stack; it takes effect at the next {@link crash}. */
  remove(): void {
    this.#machines = [];
  }

  /** Ends as a crash would, and goes on from the journal. What a function still does for the old process is lost. */
  crash(): void {
    this.workflows.stop();
    this.workflows = this.#make();
    this.workflows.resume();
  }

  close(): void {
    this.workflows.stop();
    this.clock.stop();
    this.journal.close();
  }

  start(name: string, input: unknown = {}): string {
    return this.workflows.startExecution(MACHINE_ARN, name, JSON.stringify(input)).executionArn;
  }

  /** Starts an execution and answers with its row once it has ended. */
  async run(input: unknown = {}, name = 'e') {
    const arn = this.start(name, input);
    await this.inFlight.settled();
    return this.row(arn);
  }

  row(arn: string) {
    const [row] = this.journal.rows('executions', 'WHERE arn = ?', arn);
    if (!row) throw new Error(`no execution ${arn}`);
    return row;
  }

  history(arn: string) {
    return this.journal
      .rows('history', 'WHERE execution = ? ORDER BY id', arn)
      .map((row) => ({ ...row, details: JSON.parse(row.details) as Record<string, unknown> }));
  }

  lines(arn: string): Line[] {
    return this.history(arn).map((row) => [row.id, row.previousId, row.type]);
  }

  /** Calls the API as the endpoint would. */
  async call(operation: string, members: unknown): Promise<Record<string, unknown>> {
    const response = await this.workflows.handler(request(operation, JSON.stringify(members)));
    return JSON.parse(response.body.toString()) as Record<string, unknown>;
  }
}

export function machineOf(definition: object | string): StateMachine {
  return {
    name: 'orders',
    arn: MACHINE_ARN,
    roleArn: 'arn:aws:iam::111111111111:role/orders',
    type: 'STANDARD',
    definition: typeof definition === 'string' ? definition : JSON.stringify(definition),
  };
}

export function request(operation: string, body: string): ServiceRequest {
  return {
    service: 'states',
    operation,
    method: 'POST',
    url: '/',
    headers: {},
    body: Buffer.from(body),
    caller: { kind: 'operator', name: 'test', roleArn: undefined },
  };
}

/** A task that invokes a function with the state's whole input and answers with what it returns. */
export function invoke(functionName: string, rest: object): object {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Parameters: { FunctionName: functionName, 'Payload.$': '$' },
    OutputPath: '$.Payload',
    ...rest,
  };
}

async function invokeWith(
  functions: Record<string, TestFunction>,
  name: string,
  payload: string,
  cause: InvokeCause,
): Promise<InvokeResult> {
  const called = functions[name.split(':').at(-1) ?? ''];
  if (!called) throw new Error(`the test has no function ${name}`);
  const requestId = 'request-1';
  try {
    const result = (await called(JSON.parse(payload), cause)) ?? null;
    return { requestId, payload: JSON.stringify(result), functionError: undefined };
  } catch (error) {
    if (!(error instanceof FunctionError)) throw error;
    const document = { errorType: error.name, errorMessage: error.message, trace: [] };
    return { requestId, payload: JSON.stringify(document), functionError: 'Unhandled' };
  }
}

const open: TestWorkflows[] = [];

/** Workflows that {@link closeAll} ends. */
export function cloudWith(definition: object, functions: Record<string, TestFunction> = {}): TestWorkflows {
  const cloud = new TestWorkflows(definition, functions);
  open.push(cloud);
  return cloud;
}

export function closeAll(): void {
  for (const cloud of open.splice(0)) cloud.close();
}

/** A machine of the one state `A`. */
export function single(state: object): object {
  return { StartAt: 'A', States: { A: state } };
}

/** One turn of the event loop: what was only waiting for its turn has happened. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await turn();
}
