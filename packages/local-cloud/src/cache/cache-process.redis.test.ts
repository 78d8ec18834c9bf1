import { freePort } from '../free-port.ts';
import { CacheProcess, installedServer } from './cache-process.ts';
import { behavesAsACache, clientOf } from './commands.fixture.ts';

const installed = installedServer(process.env['PATH'] ?? '');
const describeWithServer = installed ? describe : describe.skip;

describeWithServer(
  `an installed server (${installed?.name ?? 'neither valkey-server nor redis-server is on the PATH'})`,
  () => {
    let server: CacheProcess;
    let port = 0;
    const onExit = jest.fn();
    beforeAll(async () => {
      port = await freePort();
      server = await CacheProcess.start(installed!, port, onExit);
    });
    afterAll(() => server.stop());

    behavesAsACache(() => port);

    it('says what is wrong when its port is taken', async () => {
      await expect(CacheProcess.start(installed!, port, jest.fn())).rejects.toThrow(
        /ended \(exit 1\)\. Start again\. It said: [\s\S]*Address already in use/,
      );
    });

    it('is gone once it is stopped, and that is no failure', async () => {
      const other = await freePort();
      const stopped = await CacheProcess.start(installed!, other, onExit);
      await stopped.stop();

      await expect(clientOf(other)).rejects.toThrow();
      expect(onExit).not.toHaveBeenCalled();
    });
  },
);
