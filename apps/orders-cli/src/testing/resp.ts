import { once } from 'node:events';
import { connect } from 'node:net';

/** Sends one command to a cache and answers the texts of its reply, in order. */
export async function ask(url: URL, ...command: readonly string[]): Promise<string[]> {
  const socket = connect(Number(url.port), url.hostname);
  const parts = command.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`);
  socket.write(`*${command.length}\r\n${parts.join('')}`);
  let reply = '';
  // Half a reply ends in the middle of a line, or holds fewer texts than it announces.
  while (!isWhole(reply)) reply += String((await once(socket, 'data'))[0]);
  socket.destroy();
  return texts(reply);
}

function isWhole(reply: string): boolean {
  const count = Number(/^\*(\d+)\r\n/.exec(reply)?.[1] ?? NaN);
  return !Number.isNaN(count) && reply.endsWith('\r\n') && texts(reply).length === count;
}

/** Single-byte replies only: enough for what tests look at. */
function texts(reply: string): string[] {
  return [...reply.matchAll(/\$\d+\r\n([^\r]*)\r\n/g)].map(([, text = '']) => text);
}
