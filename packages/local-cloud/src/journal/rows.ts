/**
 * The kinds of rows in the journal: what happened in the cloud, in order, tied together by ids. Times are epoch
 * milliseconds of the cloud's clock. What a trace, a check of the order of changes or the console shows is read from here.
 */
export interface JournalRows {
  /** A change of an item, as captured. `record` is the stream record's JSON. */
  changes: { stream: string; position: number; item: string; name: string; at: number; record: string };
  /** One invocation of a function. `error` is its error type and message, empty when it went well. */
  invocations: {
    id: string;
    function: string;
    causeKind: string;
    causeName: string;
    startedAt: number;
    endedAt: number;
    error: string;
  };
  /**
   * One batch handed to a function by a mapping. `positions` is a JSON array of the changes' positions (or message
   * ids); `passed` counts how many of them, from the start, are done with; `outcome`: ok, partial, error, discarded.
   */
  deliveries: {
    mapping: string;
    source: string;
    invocation: string;
    positions: string;
    passed: number;
    outcome: string;
    startedAt: number;
    endedAt: number;
  };
  /** An event accepted by a bus. */
  events: {
    id: string;
    bus: string;
    source: string;
    detailType: string;
    at: number;
    /** The whole envelope's JSON. */
    event: string;
    /** X-Ray trace header of whoever sent it; empty when there was none. */
    trace: string;
  };
  /** An event handed to a target of a rule. */
  eventDeliveries: {
    event: string;
    bus: string;
    rule: string;
    target: string;
    /** Name of the replay that the event came from; empty for the event itself. */
    replay: string;
    /** `ok`, or the error code with which it went to the dead letters. */
    outcome: string;
    at: number;
  };
  /** A workflow execution; written at its start and replaced at its end. */
  executions: {
    arn: string;
    stateMachine: string;
    name: string;
    status: string;
    input: string;
    output: string;
    error: string;
    cause: string;
    startedAt: number;
    endedAt: number | null;
    /** X-Ray trace header that its tasks carry on; empty when it was started without. */
    trace: string;
    /** Key of its definition, which it keeps when the stack changes. */
    definition: string;
    redrives: number;
    /** When it was redriven last. */
    redrivenAt: number | null;
  };
  /** A definition of a state machine that executions were started with. `key` is made of its text. */
  definitions: { key: string; definition: string };
  /** An execution's history event: `id` counts from 1 within its execution; `details` is JSON. */
  history: {
    execution: string;
    id: number;
    previousId: number;
    type: string;
    at: number;
    details: string;
  };
  /** A call that the stack's policies do not allow. */
  refusals: {
    at: number;
    /** `function shop-api`, `rule orders (events.amazonaws.com)`. */
    caller: string;
    action: string;
    resource: string;
    /** As the caller was told. */
    message: string;
    /** Where a statement is missing, or which one stands in the way. */
    policy: string;
    /** The least statement that would have allowed it, JSON; empty where a Deny has to go instead. */
    statement: string;
    /** The statement whose Deny has to go; empty where one is missing. */
    remove: string;
    /** X-Ray trace header of the call; empty when there was none. */
    trace: string;
  };
  /** A mail or SMS that was sent. */
  messages: {
    id: string;
    /** `mail` or `sms`. */
    channel: string;
    at: number;
    /** Bare addresses joined by `, ` (To, Cc and Bcc), or the phone number. */
    recipient: string;
    subject: string;
    text: string;
    html: string;
    /** The function that sent it, or the access key of whoever else did. */
    function: string;
    /** `sent`, `bounced` or `complained`. */
    outcome: string;
    /** JSON object: a mail's tags, an SMS's message attributes. */
    tags: string;
    /** JSON object: a mail's headers by name. */
    headers: string;
  };
}

export type JournalKind = keyof JournalRows;
