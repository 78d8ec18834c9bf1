import {
  paymentBehaviour,
  PaymentDeclined,
  PaymentGatewayUnavailable,
  type LedgerEntry,
} from '@orderstream/domain';
import { sandboxAnswer, type Ledger } from '@orderstream/lambda-kit';
import type { Charge, ChargeRequest, PaymentGateway, PaymentSubject } from './payment-gateway.ts';

type LedgerPart = Pick<Ledger, 'find' | 'record' | 'seal' | 'countAttempt'>;

/** A payment provider that decides by test token (see the domain's `sandbox.ts`) and keeps its own ledger. */
export class SandboxGateway implements PaymentGateway {
  readonly #ledger: LedgerPart;

  constructor(ledger: LedgerPart) {
    this.#ledger = ledger;
  }

  async find({ key }: PaymentSubject): Promise<Charge | 'sealed' | undefined> {
    const entry = await this.#ledger.find(key);
    return entry === undefined ? undefined : chargeOf(entry);
  }

  async charge(
    { key, orderId, amount, currency, token }: ChargeRequest,
    signal: AbortSignal,
  ): Promise<Charge | 'sealed'> {
    const noAnswer = (reason: string) => new PaymentGatewayUnavailable(orderId, reason);
    const answer = await sandboxAnswer(
      this.#ledger,
      {
        subject: { key, kind: 'charge', orderId },
        behaviour: paymentBehaviour(token),
        deed: { id: `ch_${orderId}`, amount, currency },
        signal,
      },
      noAnswer,
    );
    if ('refused' in answer) throw new PaymentDeclined(orderId, answer.refused);
    const charge = chargeOf(answer.entry);
    if (charge === undefined) throw noAnswer('its ledger has no charge');
    return charge;
  }

  async refund({ key, orderId }: PaymentSubject): Promise<void> {
    await this.#ledger.seal({ key, kind: 'charge', orderId });
  }
}

function chargeOf({ state, id, amount, at }: LedgerEntry): Charge | 'sealed' | undefined {
  if (state === 'sealed') return 'sealed';
  if (id === undefined || amount === undefined || at === undefined) return undefined;
  return { chargeId: id, amount, at };
}
