import { createServer, type RequestListener, type Server } from 'node:http';
import { once } from 'node:events';
import { CloudClient } from './cloud-client.ts';
import { becomesReady } from './session.ts';

const READY = JSON.stringify({ ready: true, pid: 7, outputs: {} });

describe('a cloud that is looked for', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
    server = undefined;
  });

  /** Answers where something listens that answers as it is told. */
  const listening = async (answer: RequestListener): Promise<string> => {
    server = createServer(answer).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  };

  it('is waited for while it is too busy to answer', async () => {
    const asked = Promise.withResolvers<() => void>();
    const endpoint = await listening((_, response) => asked.resolve(() => response.end(READY)));
    const found = jest.fn();
    const ready = becomesReady(new CloudClient(endpoint), new AbortController().signal).then(found);
    const answer = await asked.promise;
    expect(found).not.toHaveBeenCalled();

    answer();

    await ready;
    expect(found).toHaveBeenCalledWith(true);
  });

  it('is not taken for absent when it does not answer in time: that is said, and what to do', async () => {
    const endpoint = await listening(() => undefined);

    await expect(new CloudClient(endpoint, 10).status()).rejects.toThrow(
      `Something listens at ${endpoint}, but has not answered within 0.01 s. Wait`,
    );
  });

  it('is no longer waited for once the command is interrupted', async () => {
    const interrupt = new AbortController();
    const endpoint = await listening(() => interrupt.abort(new Error('Ctrl-C')));

    await expect(new CloudClient(endpoint).status(interrupt.signal)).rejects.toThrow('Ctrl-C');
  });

  it('is absent where the connection is refused', async () => {
    const endpoint = await listening(() => undefined);
    server?.close();

    expect(await new CloudClient(endpoint).status()).toBeUndefined();
  });

  it.each([
    ['breaks the connection', undefined],
    ['is no local cloud', '{}'],
    ['speaks another language', '<html>'],
  ])('is absent where what listens %s', async (_, body) => {
    const endpoint = await listening((_request, response) =>
      body === undefined ? response.destroy() : response.end(body),
    );

    expect(await new CloudClient(endpoint).status()).toBeUndefined();
  });
});
