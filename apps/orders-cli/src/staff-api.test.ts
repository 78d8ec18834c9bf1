import { writeFileSync } from 'node:fs';
import { freePort } from '@orderstream/local-cloud';
import type { CommandInput } from './command.ts';
import { openStaffApi } from './staff-api.ts';
import { startStaffStub, type StaffStub } from './testing/staff-stub.ts';

describe('the staff’s API', () => {
  let stub: StaffStub;
  beforeAll(async () => {
    stub = await startStaffStub();
  });
  afterAll(() => stub.close());

  const { signal } = new AbortController();
  const environment = { ORDERSTREAM_TOKEN: 'a-token' };
  const open = (values: CommandInput['values'], variables: Record<string, string> = environment) =>
    openStaffApi({ values, signal }, variables);

  it('on AWS is where the outputs say, and hears the token of the environment', async () => {
    stub.answer = () => ({ fine: true });

    const api = await open({ target: 'aws', outputs: stub.outputs });

    expect(await api.ask({ path: '/x', signal })).toEqual({ fine: true });
    expect(stub.asked).toMatchObject([{ question: 'GET /x', token: 'Bearer a-token' }]);
  });

  it('that does not take the token says where a valid one goes', async () => {
    stub.answer = () => ({ status: 401, body: { message: 'Unauthorized' } });
    const api = await open({ target: 'aws', outputs: stub.outputs });

    await expect(api.ask({ path: '/x', signal })).rejects.toThrow(/ORDERSTREAM_TOKEN/);
  });

  it('that cannot be reached is told with where to look', async () => {
    const file = outputsWith('nowhere', {
      orderstream: { staff_api_url: `http://127.0.0.1:${await freePort(1)}` },
    });
    const api = await open({ target: 'aws', outputs: file });

    await expect(api.ask({ path: '/x', signal })).rejects.toThrow(/does not answer\. Check staff_api_url in/);
  });

  it('of a cloud that does not run is not started, but says how to start it', async () => {
    const port = String(await freePort(1));

    await expect(open({ port })).rejects.toMatchObject({
      message: `No local cloud answers at http://127.0.0.1:${port}. Start one: npm start`,
      exitCode: 1,
    });
  });

  it.each<[string, () => CommandInput['values'], Record<string, string>, RegExp]>([
    [
      'another target',
      () => ({ target: 'azure' }),
      environment,
      /--target is azure, but must be local or aws/,
    ],
    ['no outputs', () => ({ target: 'aws' }), environment, /--target aws needs --outputs FILE/],
    [
      'outputs without a target',
      () => ({ outputs: 'x' }),
      environment,
      /--outputs goes with --target aws only/,
    ],
    ['a port on AWS', () => ({ target: 'aws', port: '1' }), environment, /--port .* Leave it out/],
    ['no token', () => ({ target: 'aws', outputs: stub.outputs }), {}, /variable ORDERSTREAM_TOKEN/],
    [
      'no such file',
      () => ({ target: 'aws', outputs: '/nowhere' }),
      environment,
      /--outputs \/nowhere .*ENOENT/,
    ],
    [
      'outputs without the API',
      () => ({ target: 'aws', outputs: outputsWith('none', { orderstream: { api_url: 'x' } }) }),
      environment,
      /holds no staff_api_url of a stack/,
    ],
    [
      'outputs of two stacks',
      () => ({
        target: 'aws',
        outputs: outputsWith('two', { a: { staff_api_url: 'http://a' }, b: { staff_api_url: 'http://b' } }),
      }),
      environment,
      /holds more than one staff_api_url/,
    ],
  ])('is refused for %s', async (_, values, variables, message) => {
    await expect(open(values(), variables)).rejects.toMatchObject({
      message: expect.stringMatching(message),
      exitCode: 2,
    });
  });

  function outputsWith(name: string, document: object): string {
    const file = `${stub.outputs}.${name}.json`;
    writeFileSync(file, JSON.stringify(document));
    return file;
  }
});
