import type { Address } from '@orderstream/domain';

/** A shipment that a carrier has taken on. */
export interface Shipment {
  readonly shipmentId: string;
  /** ISO 8601. */
  readonly at: string;
}

export interface ShipmentRequest {
  /** Idempotency key: at most one shipment is ever made under it. */
  readonly key: string;
  readonly orderId: string;
  /** Never logged. */
  readonly address: Address;
}

/**
 * What a carrier must offer, so that an order is shipped at most once and never after it was closed. `signal` tells
 * when nobody waits for the answer any more. An adapter that gets no answer throws CarrierUnavailable.
 */
export interface Carrier {
  /** What happened under the key: a shipment, or that the key is sealed; `undefined` when nothing did. */
  find(key: string, signal: AbortSignal): Promise<Shipment | 'sealed' | undefined>;
  /**
   * Ships, or answers with the shipment that the key has already.
   *
   * @throws UndeliverableAddress
   */
  ship(request: ShipmentRequest, signal: AbortSignal): Promise<Shipment | 'sealed'>;
  /** Calls back what was shipped under the key, if anything was, and seals it: no later shipment succeeds. */
  void(request: Pick<ShipmentRequest, 'key' | 'orderId'>, signal: AbortSignal): Promise<void>;
}
