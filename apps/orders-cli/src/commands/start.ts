import { resolve } from 'node:path';
import { CloudClient } from '../cloud-client.ts';
import { UsageError } from '../errors.ts';
import type { Command, CommandInput } from '../command.ts';
import { Progress, paint, printJson, say } from '../output.ts';
import { countOf, portOf, sessionOf } from '../session.ts';

const DEFAULT_ORDERS = 60;
const DEFAULT_RATE = 20;
const DEFAULT_SEED = 1;

/** `npm start`: the whole stack on this machine, with a sample of orders, until Ctrl-C. */
export const start: Command = {
  usage:
    'start [--orders N] [--rate R] [--seed S] [--exit] [--state DIR] [--fresh] [--faults FILE] [--iam off] [--watch]',
  summary: 'Runs the stack on this machine and sends sample orders; stays up unless --exit.',
  options: {
    orders: { type: 'string' },
    rate: { type: 'string' },
    seed: { type: 'string' },
    exit: { type: 'boolean' },
    state: { type: 'string' },
    faults: { type: 'string' },
    iam: { type: 'string' },
    fresh: { type: 'boolean' },
    watch: { type: 'boolean' },
  },
  operands: { least: 0, most: 0 },
  async run(input) {
    const port = portOf(input.values);
    const wanted = countOf(input.values, 'orders', undefined);
    const perSecond = countOf(input.values, 'rate', DEFAULT_RATE, 1);
    const seed = countOf(input.values, 'seed', DEFAULT_SEED);
    const watching = input.values['watch'] === true;
    const iam = iamOf(input.values);
    if (watching && input.values['exit'] === true) {
      throw new UsageError('--exit and --watch exclude each other: leave one out.');
    }
    say(paint('bold', 'Orderstream', process.stderr) + ' – an order platform that reacts to its own table');
    const running = await new CloudClient(`http://127.0.0.1:${port}`).status(input.signal);
    if (running !== undefined) {
      throw new UsageError(
        `A local cloud (process ${running.pid}) is running on port ${port} already. Use it, end it, or choose another: --port ${port + 10}`,
        1,
      );
    }
    const { startCloud } = await import('../start-cloud.ts');
    const end = new AbortController();
    const signal = AbortSignal.any([input.signal, end.signal]);
    const cloud = await startCloud({
      port,
      apiPort: port + 1,
      say,
      signal,
      stateDirectory: pathOf(input.values, 'state'),
      fresh: input.values['fresh'] === true,
      faultFile: pathOf(input.values, 'faults'),
      iam,
      onEnd: (error) => end.abort(error),
    });
    const session = await sessionOf(new CloudClient(cloud.endpointUrl), false, () => cloud.stop());
    try {
      const { announce, summarize } = await import('../sample/summary.ts');
      say(announce(cloud));
      if (watching) {
        const { watchFunctions } = await import('../watch/watch-functions.ts');
        say(watchFunctions(cloud, signal));
      }
      const { sampleOrders } = await import('../sample/orders.ts');
      const { sendOrders, stockShop } = await import('../sample/send.ts');
      await stockShop(session);
      // What goes on has orders already.
      const count = wanted ?? (cloud.goesOn ? 0 : DEFAULT_ORDERS);
      const progress = new Progress('orders', count);
      await sendOrders(session, sampleOrders(count, seed), {
        perSecond,
        signal,
        onSent: (sent) => progress.update(sent),
      });
      if (count > 0) progress.done();
      await session.cloud.settled(signal);
      const summary = await summarize(session);
      if (input.values['json'] === true) printJson(summary.document);
      else process.stdout.write(summary.text);
      if (input.values['exit'] === true) return summary.document.open === 0 ? 0 : 1;
      say(await invitation(session.status.api, session.cloud));
      await aborted(signal);
      end.signal.throwIfAborted();
      say('Stopping …');
      return 0;
    } catch (error) {
      throw end.signal.aborted ? end.signal.reason : error;
    } finally {
      await session.close();
    }
  },
};

/** Whether policies are enforced. */
function iamOf({ iam = 'enforce' }: CommandInput['values']): 'enforce' | 'off' {
  if (iam === 'enforce' || iam === 'off') return iam;
  throw new UsageError(`--iam is "${String(iam)}", but must be enforce or off: --iam off`);
}

/** The path that an option names, against the folder in which the person is. */
function pathOf(values: CommandInput['values'], option: 'state' | 'faults'): string | undefined {
  const given = values[option];
  if (given === undefined) return undefined;
  if (typeof given === 'string' && given !== '') return resolve(process.env['INIT_CWD'] ?? '.', given);
  throw new UsageError(`--${option} is empty, but must name a path: --${option} ./${option}`);
}

/** Lines that work when they are pasted into another terminal. */
async function invitation(api: string, cloud: CloudClient): Promise<string> {
  const token = await cloud.token('customer-1');
  const body = JSON.stringify({
    lines: [{ sku: 'MUG-HERON', quantity: 2 }],
    paymentToken: 'tok_approve',
    shippingAddress: { name: 'Ada', line1: '1 Mill Lane', city: 'Leeds', country: 'United Kingdom' },
  });
  return [
    '',
    'Try it in another terminal (the token is good for an hour, as customer-1):',
    '',
    `  TOKEN=${token}`,
    `  curl -s ${api}/orders -H "authorization: Bearer $TOKEN"`,
    `  curl -s ${api}/orders -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' -d '${body}'`,
    '  npm run orders -- trace <orderId>',
    '',
    'Ctrl-C ends it.',
  ].join('\n');
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
