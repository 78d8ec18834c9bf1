import {
  carrierBehaviour,
  CarrierUnavailable,
  UndeliverableAddress,
  type LedgerEntry,
} from '@orderstream/domain';
import { sandboxAnswer, type Ledger } from '@orderstream/lambda-kit';
import type { Carrier, Shipment, ShipmentRequest } from './carrier.ts';

type LedgerPart = Pick<Ledger, 'find' | 'record' | 'seal' | 'countAttempt'>;

/** A carrier that decides by test address (see the domain's `sandbox.ts`) and keeps its own ledger. */
export class SandboxCarrier implements Carrier {
  readonly #ledger: LedgerPart;

  constructor(ledger: LedgerPart) {
    this.#ledger = ledger;
  }

  async find(key: string): Promise<Shipment | 'sealed' | undefined> {
    const entry = await this.#ledger.find(key);
    return entry === undefined ? undefined : shipmentOf(entry);
  }

  async ship({ key, orderId, address }: ShipmentRequest, signal: AbortSignal): Promise<Shipment | 'sealed'> {
    const noAnswer = (reason: string) => new CarrierUnavailable(orderId, reason);
    const answer = await sandboxAnswer(
      this.#ledger,
      {
        subject: { key, kind: 'shipment', orderId },
        behaviour: carrierBehaviour(address.line1),
        deed: { id: `sh_${orderId}` },
        signal,
      },
      noAnswer,
    );
    if ('refused' in answer) throw new UndeliverableAddress(orderId);
    const shipment = shipmentOf(answer.entry);
    if (shipment === undefined) throw noAnswer('its ledger has no shipment');
    return shipment;
  }

  async void({ key, orderId }: Pick<ShipmentRequest, 'key' | 'orderId'>): Promise<void> {
    await this.#ledger.seal({ key, kind: 'shipment', orderId });
  }
}

function shipmentOf({ state, id, at }: LedgerEntry): Shipment | 'sealed' | undefined {
  if (state === 'sealed') return 'sealed';
  return id === undefined || at === undefined ? undefined : { shipmentId: id, at };
}
