import { LocalCloud } from '@orderstream/local-cloud';
import { prepareStack } from './prepare.ts';

/** Starts the local cloud in this process, from a stack that is up to date. Port 0 takes a free one. */
export async function startCloud(options: {
  port: number;
  apiPort: number;
  say: (line: string) => void;
  signal: AbortSignal;
}): Promise<LocalCloud> {
  const stackFile = await prepareStack(options.say, options.signal);
  options.signal.throwIfAborted();
  return LocalCloud.start({
    stackFile,
    port: options.port,
    apiPort: options.apiPort,
    onError: (error, where) =>
      options.say(`${where}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
  });
}
