import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';

let app: string;

beforeEach(() => {
  app = join(mkdtempSync(join(tmpdir(), 'bundle-')), 'greet');
  mkdirSync(join(app, 'src'), { recursive: true });
});

afterEach(() => {
  rmSync(join(app, '..'), { recursive: true });
});

function bundle(source: string, zone = 'UTC', args: readonly string[] = []) {
  writeFileSync(join(app, 'src/handler.ts'), source);
  const script = join(__dirname, 'bundle.ts');
  return spawnSync('node', [script, ...args], {
    cwd: app,
    encoding: 'utf8',
    env: { ...process.env, TZ: zone },
  });
}

const GREETING = `export const handler = async (event: { name: string }) => 'Hello ' + event.name;`;

it('makes one file whose handler Lambda can call, and says how large it is', async () => {
  const { status, stdout } = bundle(GREETING);

  const { handler } = createRequire(app)(join(app, 'dist/index.cjs'));
  expect(await handler({ name: 'Ada' })).toBe('Hello Ada');
  expect({ status, stdout }).toEqual({ status: 0, stdout: 'greet: 1 KB\n' });
});

it('packs that file, the same bytes whenever and wherever it is built', () => {
  bundle(GREETING, 'Europe/London');
  const first = readFileSync(join(app, 'dist/function.zip'));
  bundle(GREETING, 'Pacific/Auckland');
  const second = readFileSync(join(app, 'dist/function.zip'));

  expect(second.equals(first)).toBe(true);
  const packed = unzipSync(first)['index.cjs']!;
  expect(strFromU8(packed)).toBe(readFileSync(join(app, 'dist/index.cjs'), 'utf8'));
});

describe('of an app with a second handler', () => {
  const second = (source: string) => {
    writeFileSync(join(app, 'src/handler-second.ts'), source);
    return bundle(GREETING);
  };

  it('makes a file of each, and packs both', async () => {
    const { status, stdout } = second(`export const handler = async () => 'Second';`);

    const { handler } = createRequire(app)(join(app, 'dist/second.cjs'));
    expect(await handler()).toBe('Second');
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'greet: 1 KB\ngreet (second.cjs): 1 KB\n' });
    const packed = unzipSync(readFileSync(join(app, 'dist/function.zip')));
    expect(Object.keys(packed)).toEqual(['index.cjs', 'second.cjs']);
  });

  it('leaves the first as it is without the second', () => {
    bundle(GREETING);
    const alone = readFileSync(join(app, 'dist/index.cjs'));
    second(`export const handler = () => '${'x'.repeat(10_000)}';`);

    expect(readFileSync(join(app, 'dist/index.cjs')).equals(alone)).toBe(true);
  });

  it('allows it a library more, and warns of what is over that', () => {
    expect(second(`export const handler = () => '${'x'.repeat(330_000)}';`).stdout).not.toContain('over');
    expect(second(`export const handler = () => '${'x'.repeat(351_000)}';`).stdout).toContain(
      'greet (second.cjs): 352 KB, over the budget of 350 KB',
    );
  });
});

describe('of Stripe’s library', () => {
  const LIBRARY = join(__dirname, '../node_modules/stripe/esm/stripe.esm.node.js');

  /** Runs `use` of a client of a server that answers with `status` and `body`. */
  async function used(use: string, status = 200, body: object = {}) {
    const server = createServer((_, response) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const address = server.address();
      const port = typeof address === 'object' ? address?.port : undefined;
      bundle(`import Stripe from ${JSON.stringify(LIBRARY)};
        const at = { host: '127.0.0.1', port: ${port}, protocol: 'http' as const, maxNetworkRetries: 0 };
        export const handler = (use: (stripe: any, errors: any) => unknown) => use(new Stripe('sk_test_x', at), Stripe.errors);`);
      const { handler } = createRequire(app)(join(app, 'dist/index.cjs'));
      return await handler(new Function('stripe', 'errors', `return ${use}`));
    } finally {
      server.close();
    }
  }

  it.each([
    ['paymentIntents.create', `stripe.paymentIntents.create({ amount: 1, currency: 'gbp' })`],
    ['paymentIntents.retrieve', `stripe.paymentIntents.retrieve('pi_1')`],
    ['paymentIntents.confirm', `stripe.paymentIntents.confirm('pi_1', {})`],
    ['paymentIntents.cancel', `stripe.paymentIntents.cancel('pi_1')`],
    ['refunds.create', `stripe.refunds.create({ payment_intent: 'pi_1' })`],
  ])('keeps %s', async (_, use) => {
    expect(await used(use, 200, { id: 'pi_1' })).toMatchObject({ id: 'pi_1' });
  });

  it('keeps its errors', async () => {
    const use = `stripe.refunds.create({}).catch((error) => error instanceof errors.StripeCardError)`;

    expect(await used(use, 402, { error: { type: 'card_error' } })).toBe(true);
  });

  it('leaves out what is not used, which is most', async () => {
    expect(await used('typeof stripe.customers.create')).toBe('undefined');
    expect(statSync(join(app, 'dist/index.cjs')).size).toBeLessThan(80_000);
  });
});

it('may run twice at once for one app', async () => {
  bundle(GREETING);
  // Where a name is taken by a folder, no build can write a file: it stands for another build's unfinished package.
  mkdirSync(join(app, 'dist/function.zip.new'));

  const { status } = bundle(GREETING);

  expect(status).toBe(0);
  expect(readdirSync(join(app, 'dist')).sort()).toEqual(['function.zip', 'function.zip.new', 'index.cjs']);
});

it('warns of a bundle over the budget', () => {
  const { status, stdout } = bundle(`export const handler = () => '${'x'.repeat(301_000)}';`);

  expect({ status, stdout }).toEqual({
    status: 0,
    stdout: 'greet: 302 KB, over the budget of 300 KB: look what came in\n',
  });
});

it('fails with what esbuild says of the sources', () => {
  const { status, stdout, stderr } = bundle(`import './missing.ts';`);

  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toContain('Could not resolve "./missing.ts"');
});

describe('with an edit', () => {
  const edited = (find: string, file = join(app, 'src/handler.ts')) => {
    const edit = join(app, 'edit.json');
    writeFileSync(edit, JSON.stringify({ file, find, replace: 'Bye ' }));
    return bundle(GREETING, 'UTC', ['--edit', edit, '--out', join(app, 'edited')]);
  };

  it('makes a bundle of the source as it would be, elsewhere, and leaves the source alone', async () => {
    expect(edited('Hello ').status).toBe(0);

    const { handler } = createRequire(app)(join(app, 'edited/index.cjs'));
    expect(await handler({ name: 'Ada' })).toBe('Bye Ada');
    expect(readdirSync(join(app, 'edited')).sort()).toEqual(['function.zip', 'index.cjs']);
    expect(existsSync(join(app, 'dist'))).toBe(false);
    expect(readFileSync(join(app, 'src/handler.ts'), 'utf8')).toBe(GREETING);
  });

  it.each([
    ['is not there', 'Good day', undefined, 'stands 0 times'],
    ['stands there twice', 'name', undefined, 'stands 2 times'],
    ['is of a source that the bundle has not', 'Hello ', '/elsewhere.ts', 'is no source of this bundle'],
  ])('fails when the text %s', (_, find, file, message) => {
    const { status, stderr } = edited(find, file);

    expect(status).toBe(1);
    expect(stderr).toContain(message);
  });
});
