/**
 * Errors of the workflow. `name` is what Step Functions sees as the error's type (Retry and Catch match it), so it is a
 * literal: minified class names would change. Every message ends with what to do next.
 */
export abstract class OrderstreamError extends Error {
  /** Values involved, for logs; never personal data or payment tokens. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(name: string, message: string, details: Record<string, unknown> = {}, options?: ErrorOptions) {
    super(message, options);
    this.name = name;
    this.details = details;
  }
}

/** A reason that no repetition changes: never retried, always compensated. */
export abstract class BusinessError extends OrderstreamError {}

/** Something that passes: retried with jitter, then patience ends in compensation. */
export abstract class RetryableError extends OrderstreamError {}

/** The order's own values are wrong. */
export class OrderInvalid extends BusinessError {
  constructor(orderId: string, problems: readonly string[]) {
    const shown =
      problems.slice(0, 5).join('; ') + (problems.length > 5 ? `; and ${problems.length - 5} more` : '');
    super(
      'OrderInvalid',
      `Order ${orderId} is not valid: ${shown}. Correct these values and place it again.`,
      {
        orderId,
        problems: problems.slice(0, 50),
      },
    );
  }
}

export class PaymentDeclined extends BusinessError {
  constructor(orderId: string, reason: string) {
    super(
      'PaymentDeclined',
      `The payment of order ${orderId} was declined (${reason}). Place it again with another payment.`,
      {
        orderId,
        reason,
      },
    );
  }
}

export class OutOfStock extends BusinessError {
  constructor(orderId: string, skus: readonly string[]) {
    const shown = skus.slice(0, 5).join(', ') + (skus.length > 5 ? ` and ${skus.length - 5} more` : '');
    super(
      'OutOfStock',
      `Order ${orderId} asks for more than there is of ${shown}. Place it again when the goods are back.`,
      {
        orderId,
        skus: skus.slice(0, 98),
      },
    );
  }
}

export class UndeliverableAddress extends BusinessError {
  constructor(orderId: string) {
    super(
      'UndeliverableAddress',
      `The carrier does not deliver to the address of order ${orderId}. Place it again with another address.`,
      {
        orderId,
      },
    );
  }
}

export class CancellationRequested extends BusinessError {
  constructor(orderId: string) {
    super(
      'CancellationRequested',
      `Order ${orderId} is to be cancelled: its customer asked for it. Nothing more to do.`,
      {
        orderId,
      },
    );
  }
}

/** The order has ended already: the execution that meets it ends well. */
export class AlreadyClosed extends BusinessError {
  constructor(orderId: string, how: string) {
    super('AlreadyClosed', `Order ${orderId} is closed already (${how}). Nothing more to do.`, {
      orderId,
      how,
    });
  }
}

/**
 * The order is being closed and has not ended. Whoever began may be gone, so the execution that meets it goes on with
 * the compensation: it is no business error, and not retried.
 */
export class ClosingUnfinished extends OrderstreamError {
  constructor(orderId: string, how: string) {
    super(
      'ClosingUnfinished',
      `Order ${orderId} is being closed (${how}) and has not ended. Its compensation goes on.`,
      { orderId, how },
    );
  }
}

/** There is no such order. Not a business reason: somebody started a workflow for nothing. */
export class OrderNotFound extends OrderstreamError {
  constructor(orderId: string) {
    super('OrderNotFound', `There is no order ${orderId}. Look whether it was removed from the table.`, {
      orderId,
    });
  }
}

/** A stage was called with an input that it cannot read. */
export class InvalidStageInput extends OrderstreamError {
  constructor(stage: string, problem: string) {
    super(
      'InvalidStageInput',
      `${stage} cannot read its input: ${problem}. Look at the state machine's definition.`,
      {
        stage,
        problem,
      },
    );
  }
}

export class PaymentGatewayUnavailable extends RetryableError {
  constructor(orderId: string, reason: string, options?: ErrorOptions) {
    super(
      'PaymentGatewayUnavailable',
      `The payment gateway did not answer for order ${orderId} (${reason}). It is asked again.`,
      { orderId, reason },
      options,
    );
  }
}

export class CarrierUnavailable extends RetryableError {
  constructor(orderId: string, reason: string, options?: ErrorOptions) {
    super(
      'CarrierUnavailable',
      `The carrier did not answer for order ${orderId} (${reason}). It is asked again.`,
      { orderId, reason },
      options,
    );
  }
}

/** An AWS service asked to come back later: a throttle, a transaction conflict, a server error. */
export class Throttled extends RetryableError {
  constructor(service: string, reason: string, options?: ErrorOptions) {
    super(
      'Throttled',
      `${service} asked to come back later (${reason}). It is asked again.`,
      { service, reason },
      options,
    );
  }
}

/** Business errors by name, as the workflow's definition catches them. */
export const BUSINESS_ERRORS = [
  'OrderInvalid',
  'PaymentDeclined',
  'OutOfStock',
  'UndeliverableAddress',
  'CancellationRequested',
] as const;

/** Retryable errors of our own by name, as the workflow's definition retries them. */
export const RETRYABLE_ERRORS = ['PaymentGatewayUnavailable', 'CarrierUnavailable', 'Throttled'] as const;
