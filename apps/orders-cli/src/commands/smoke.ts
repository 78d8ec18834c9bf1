import { compareMoney, isDecimal, type Decimal } from '@orderstream/domain';
import type { Command, CommandInput } from '../command.ts';
import { durationOf } from '../duration.ts';
import { UsageError } from '../errors.ts';
import { printJson, say } from '../output.ts';
import { countOf } from '../session.ts';
import { SMOKE_PRICE } from '../smoke/orders.ts';
import { runSmoke, type SmokeReport } from '../smoke/run.ts';
import { openSmokeTarget, type SmokeTarget } from '../smoke/target.ts';
import { smokeText } from '../smoke/text.ts';
import { TARGET_OPTIONS } from '../staff-api.ts';

const ORDERS = 20;
/** DynamoDB reads as many items in one call. */
const MOST_ORDERS = 100;
/** Cold functions, retries with jitter and a shop that is busy all fit into it. */
const WITHIN = '2m';
const SANDBOX_TOKEN = 'tok_approve';

/** `orders smoke`: whether a deployment does what it is there for, from an order's write to its shipment. */
export const smoke: Command = {
  usage: 'smoke [--orders N] [--within 2m] [--price 200] [--token TOKEN]',
  summary:
    'Places 20 orders, waits until they have shipped, says how long that took and removes them; exit 1 when one does not ship or its mail is not sent.',
  options: {
    orders: { type: 'string' },
    within: { type: 'string' },
    price: { type: 'string' },
    token: { type: 'string' },
    ...TARGET_OPTIONS,
  },
  operands: { least: 0, most: 0 },
  async run(input) {
    const orders = countOf(input.values, 'orders', ORDERS, 1);
    if (orders > MOST_ORDERS)
      throw new UsageError(`--orders is ${orders}, but must be a whole number from 1 to ${MOST_ORDERS}.`);
    const withinMs = durationOf(String(input.values['within'] ?? WITHIN));
    const price = priceOf(input.values);
    const target = await openSmokeTarget(input);
    try {
      const token = tokenFor(target, input.values);
      const options = { orders, withinMs, price, token, say, signal: input.signal };
      const report = await runSmoke(target, options).catch(refused);
      if (input.values['json'] === true) printJson(report);
      else process.stdout.write(`${smokeText(report, target.where)}\n`);
      return passed(report) ? 0 : 1;
    } finally {
      await target.close();
    }
  },
};

/** Whether all shipped, and all who hear of it did their part, so that nothing is left of it. */
function passed({ late, unsent, kept }: SmokeReport): boolean {
  return late.length + unsent.length + kept.length === 0;
}

/** A provider has a least amount in each currency. */
function priceOf({ price = SMOKE_PRICE }: CommandInput['values']): Decimal {
  if (isDecimal(price) && compareMoney(price, '0') > 0) return price;
  throw new UsageError(`--price is ${String(price)}, but must be an amount above 0, such as ${SMOKE_PRICE}.`);
}

/** @throws UsageError for a real provider, where only its own test token is sure to move no money. */
function tokenFor({ paymentGateway }: SmokeTarget, values: CommandInput['values']): string {
  const { token } = values;
  if (typeof token === 'string' && token !== '') return token;
  if (paymentGateway === 'sandbox') return SANDBOX_TOKEN;
  throw new UsageError(
    `payment_gateway is ${paymentGateway}, which may charge real money. Name a token that it has for tests: --token TOKEN`,
  );
}

/** What AWS refuses to the caller is one line, with the permission that it names. */
function refused(error: unknown): never {
  if (
    error instanceof Error &&
    /^(AccessDenied|CredentialsProvider|UnrecognizedClient|ExpiredToken)/.test(error.name)
  ) {
    throw new UsageError(
      `${error.name}: ${error.message} A smoke run reads and writes the tables with your own credentials; docs/decisions/2026-11-23-smoke-orders.md lists the permissions.`,
      1,
    );
  }
  throw error;
}
