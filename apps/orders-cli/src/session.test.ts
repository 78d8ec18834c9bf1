import type { CloudStatus } from './cloud-client.ts';
import { becomesReady } from './session.ts';

describe('a cloud that a command finds', () => {
  const status = (ready: boolean): CloudStatus => ({
    ready,
    pid: 7,
    stack: 'orderstream',
    region: 'eu-west-1',
    endpoint: 'http://127.0.0.1:4400',
    api: 'http://127.0.0.1:4401',
    outputs: {},
    inFlight: {},
    uptimeSeconds: 1,
    memoryMb: 100,
  });
  const cloudWith = (...answers: (CloudStatus | undefined)[]) => ({
    endpoint: 'http://127.0.0.1:4400',
    status: () => Promise.resolve(answers.length > 1 ? answers.shift() : answers[0]),
  });
  const signal = new AbortController().signal;

  it.each([
    ['is taken when it is ready', [status(true)], true],
    ['is waited for while it starts', [status(false), status(false), status(true)], true],
    ['is none when nothing answers', [undefined], false],
    ['is none any more when it ends while it starts', [status(false), undefined], false],
  ])('%s', async (_, answers, ready) => {
    expect(await becomesReady(cloudWith(...answers), signal)).toBe(ready);
  });

  it('is refused when it does not become ready in time', async () => {
    await expect(becomesReady(cloudWith(status(false)), signal, 0)).rejects.toThrow(
      /127\.0\.0\.1:4400 \(process 7\) is there, but not ready\. .*npm start/,
    );
  });
});
