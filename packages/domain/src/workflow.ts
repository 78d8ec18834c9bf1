/**
 * The order workflow by its names: infra builds the state machine from them, the apps' handlers parse the same actions.
 * `function` is the app, `action` what it is asked to do.
 */
export const STAGES = {
  ValidateOrder: { function: 'validate-order', action: 'validate' },
  ProcessPayment: { function: 'process-payment', action: 'charge' },
  UpdateInventory: { function: 'update-inventory', action: 'allocate' },
  ShipOrder: { function: 'ship-order', action: 'ship' },
} as const;

/** Compensation, in its order. BeginClosing sets `closing`, CloseOrder writes the end. */
export const COMPENSATION = {
  BeginClosing: { function: 'close-order', action: 'begin' },
  ReleaseInventory: { function: 'update-inventory', action: 'release' },
  VoidShipment: { function: 'ship-order', action: 'void' },
  RefundPayment: { function: 'process-payment', action: 'refund' },
  CloseOrder: { function: 'close-order', action: 'finish' },
} as const;

export type StageName = keyof typeof STAGES | keyof typeof COMPENSATION;

/** Seconds, each longer than the one before: the gateway gives up, then the function, then the task. */
export const TIMEOUTS = { gateway: 5, function: 15, task: 20 } as const;
