import { documentClient } from '@orderstream/lambda-kit';
import type { Charge, ChargeRequest } from '../payment-gateway.ts';
import { ledgerTable } from '../providers.fixture.ts';
import { runDocumented } from './documented-command.fixture.ts';
import { PaymentRecords } from './payment-records.ts';
import { StripeAccount, stripeClient } from './stripe-account.ts';
import { StripeGateway } from './stripe-gateway.ts';
import { StripeStub } from './stripe-stub.fixture.ts';

export const SUBJECT = { key: 'charge#1', orderId: '1' };
export const UNAVAILABLE = { name: 'PaymentGatewayUnavailable' };

const REQUEST: ChargeRequest = { ...SUBJECT, amount: '2.12', currency: 'GBP', token: 'pm_card_visa' };

/** What a gateway does otherwise than the function's own: how it records its payment, and how long it waits. */
interface Otherwise {
  readonly claim?: PaymentRecords['claim'];
  readonly timeoutMs?: number;
}

/** A gateway between a stub of Stripe and an empty ledger, and what a test does with order 1. */
export class StripeBench {
  readonly stub: StripeStub;
  readonly table: string;
  readonly records: PaymentRecords;
  readonly gateway: StripeGateway;

  private constructor(stub: StripeStub, table: string) {
    this.stub = stub;
    this.table = table;
    this.records = new PaymentRecords(documentClient(), table);
    this.gateway = this.another();
  }

  static async open(): Promise<StripeBench> {
    return new StripeBench(await StripeStub.start(), await ledgerTable());
  }

  stop(): Promise<void> {
    return this.stub.stop();
  }

  /** The same Stripe, beside an empty ledger. */
  async withLedgerLost(): Promise<StripeBench> {
    return new StripeBench(this.stub, await ledgerTable());
  }

  /** Another gateway between the same two. */
  another({ claim, timeoutMs }: Otherwise = {}): StripeGateway {
    const account = new StripeAccount(
      async () => 'sk_test_contract1',
      (key) => stripeClient(key, this.stub.address, timeoutMs),
    );
    return new StripeGateway(account, {
      find: (subject) => this.records.find(subject),
      claim: claim ?? ((subject, id) => this.records.claim(subject, id)),
      seal: (subject) => this.records.seal(subject),
    });
  }

  charge(
    change: Partial<ChargeRequest> = {},
    gateway = this.gateway,
    signal: AbortSignal = new AbortController().signal,
  ): Promise<Charge | 'sealed'> {
    return gateway.charge({ ...REQUEST, ...change }, signal);
  }

  find() {
    return this.gateway.find(SUBJECT);
  }

  refund() {
    return this.gateway.refund(SUBJECT);
  }

  /** A charge of which Stripe answers nothing: its payment is recorded, and not confirmed. */
  async chargeUnconfirmed(): Promise<void> {
    this.stub.fail('confirm', 'broken');
    await expect(this.charge()).rejects.toMatchObject(UNAVAILABLE);
  }

  /** A run that dies before it has recorded its payment. */
  async dieUnrecorded(): Promise<void> {
    const dying = this.another({ claim: () => Promise.reject(new Error('crashed')) });
    await expect(this.charge({}, dying)).rejects.toThrow('crashed');
  }

  /** A person sets the attribute, by the command of docs/operating/payments.md. */
  documented(attribute: string) {
    return runDocumented(attribute, this.table);
  }

  /** How each payment stands at Stripe, in the order of their creation. */
  intents(): string[] {
    return [...this.stub.books.intents.values()].map(({ status }) => status);
  }
}
