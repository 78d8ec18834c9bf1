import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { multiplyMoney, netCharged, type Decimal } from '@orderstream/domain';
import { documentClient, Ledger } from '@orderstream/lambda-kit';
import type { PaymentGateway } from './payment-gateway.ts';
import { SandboxGateway } from './sandbox-gateway.ts';
import { PaymentRecords } from './stripe/payment-records.ts';
import { StripeAccount, stripeClient } from './stripe/stripe-account.ts';
import { StripeGateway } from './stripe/stripe-gateway.ts';
import { StripeStub } from './stripe/stripe-stub.fixture.ts';

/** A provider as the contract's tests see it: the gateway, tokens that do the same at each, and its own books. */
export interface Provider {
  readonly gateway: PaymentGateway;
  /** Payment tokens; the same one behaves the same for every key. */
  readonly tokens: Readonly<Record<'good' | 'declined' | 'unknown', string>>;
  /** The token under which the next charge finds no answer: nothing is done, or everything and the answer is lost. */
  fails(how: 'nothing done' | 'answer lost'): string;
  /** Charged − refunded under the key, by the provider's books. */
  kept(key: string): Promise<Decimal>;
  stop(): Promise<void>;
}

let tables = 0;

/** An empty ledger table at the endpoint of the environment. */
export async function ledgerTable(): Promise<string> {
  tables += 1;
  const TableName = `ledger-${tables}`;
  await documentClient().send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'key', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'key', KeyType: 'HASH' }],
    }),
  );
  return TableName;
}

export async function sandboxProvider(table: string): Promise<Provider> {
  const ledger = new Ledger(documentClient(), table);
  return {
    gateway: new SandboxGateway(ledger),
    tokens: { good: 'tok_approve', declined: 'tok_decline', unknown: 'tok_nobody_knows' },
    fails: (how) => (how === 'answer lost' ? 'tok_lost_answer' : 'tok_unavailable_1'),
    kept: async (key) => {
      const entry = await ledger.find(key);
      return netCharged(entry === undefined ? [] : [entry]);
    },
    stop: async () => undefined,
  };
}

export async function stripeProvider(table: string): Promise<Provider> {
  const stub = await StripeStub.start();
  const account = new StripeAccount(
    async () => 'sk_test_contract1',
    (key) => stripeClient(key, stub.address),
  );
  return {
    gateway: new StripeGateway(account, new PaymentRecords(documentClient(), table)),
    tokens: {
      good: 'pm_card_visa',
      declined: 'pm_card_chargeDeclinedInsufficientFunds',
      unknown: 'pm_nobody_knows',
    },
    fails: (how) => {
      // The library asks again by itself once when a connection breaks.
      if (how === 'answer lost') stub.fail('confirm', 'lost', 2);
      else stub.fail('confirm', 'broken');
      return 'pm_card_visa';
    },
    kept: async () => multiplyMoney('0.01', stub.books.kept()),
    stop: () => stub.stop(),
  };
}
