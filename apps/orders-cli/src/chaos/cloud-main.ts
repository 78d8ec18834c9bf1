/**
 * A local cloud in a process of its own, to be killed: `node cloud-main.ts <stack file> <port> <state folder> [<fault
 * file>]`. It ends with the process that holds its standard input.
 */
import { say } from '../output.ts';
import { startCloud } from '../start-cloud.ts';

const [stackFile = '', port = '', stateDirectory = '', faultFile] = process.argv.slice(2);
const end = new AbortController();
process.stdin.resume().once('end', () => process.exit(0));
const cloud = await startCloud({
  stackFile,
  port: Number(port),
  apiPort: Number(port) + 1,
  stateDirectory,
  faultFile,
  say,
  signal: end.signal,
  // What functions find worth a warning tells why a letter is dead.
  onLog: ({ functionName, text }) => {
    if (/"level":"(WARN|ERROR)"/.test(text)) say(`${functionName}: ${text.trim()}`);
  },
  onEnd: (error) => {
    say(error.message);
    process.exit(1);
  },
});
process.once('SIGTERM', () => {
  void cloud.stop().finally(() => process.exit(0));
});
