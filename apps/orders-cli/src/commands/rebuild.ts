import type { Command } from '../command.ts';
import { UsageError } from '../errors.ts';
import { openFunction } from '../invoke.ts';
import { printJson, say } from '../output.ts';
import {
  rebuild as rebuildModel,
  rebuildOf,
  REBUILDS,
  type Rebuild,
  type Rebuilt,
} from '../rebuild/rebuild.ts';
import { openSession, type Session } from '../session.ts';

/** `orders rebuild`: a read model made anew from the tables, while the old one serves. */
export const rebuild: Command = {
  usage: 'rebuild sales|search|cache',
  summary: 'Makes the sales figures, the search index or the cache anew while the old one serves.',
  options: {},
  operands: { least: 1, most: 1 },
  async run(input) {
    const what = rebuildOf(input.operands[0]);
    const session = await openSession(input);
    try {
      const asked = await openFunction(session, functionOf(session, what));
      const askUnlessEnded = (request: Readonly<Record<string, unknown>>) => {
        input.signal.throwIfAborted();
        return asked.ask(request);
      };
      const done = await rebuildModel(what, askUnlessEnded, progressLines()).finally(() => asked.close());
      if (done.unreadable.length > 0)
        say(
          `Left out, because they cannot be read: ${done.unreadable.join(', ')}. See orders get <orderId>.`,
        );
      if (input.values['json'] === true) printJson({ rebuilt: what, ...done });
      else process.stdout.write(`${rebuiltText(what, done)}\n`);
      return 0;
    } finally {
      await session.close();
    }
  },
};

/** @throws UsageError when the stack has the part switched off. */
function functionOf({ status }: Session, what: Rebuild): string {
  const name = status.outputs[REBUILDS[what]];
  if (name !== undefined && name !== '') return name;
  throw new UsageError(
    `There is nothing to rebuild: this deployment has ${what} switched off. Switch it on in the stack's configuration and deploy it.`,
    1,
  );
}

/** A line whenever the count has risen; a page may have had nothing to count. */
function progressLines(): (step: string, count: number) => void {
  let last = '';
  return (step, count) => {
    const line = `${step}: ${count}`;
    if (line !== last) say(line);
    last = line;
  };
}

function rebuiltText(what: Rebuild, { generation, counted, removed }: Rebuilt): string {
  const counts = Object.entries(counted).map(([name, count]) =>
    name === what ? `${count}` : `${count} ${name}`,
  );
  const parts = [
    `Rebuilt ${what}: ${counts.join(', ')}`,
    ...(generation === undefined ? [] : [`generation ${generation} serves`]),
    ...(removed === undefined ? [] : [`${removed} old rows removed`]),
  ];
  return `${parts.join('; ')}.`;
}
