import { parseArgs } from 'node:util';
import type { Command, CommandInput, Options } from './command.ts';
import { UsageError } from './errors.ts';
import { fail } from './output.ts';

/** Commands by name. Each is loaded only when it is called, so that the first line of output comes at once. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  start: async () => (await import('./commands/start.ts')).start,
  status: async () => (await import('./commands/status.ts')).status,
  place: async () => (await import('./commands/place.ts')).place,
  get: async () => (await import('./commands/get.ts')).get,
  cancel: async () => (await import('./commands/cancel.ts')).cancel,
  trace: async () => (await import('./commands/trace.ts')).trace,
  replay: async () => (await import('./commands/replay.ts')).replay,
  check: async () => (await import('./commands/check.ts')).check,
  smoke: async () => (await import('./commands/smoke.ts')).smoke,
  sales: async () => (await import('./commands/sales.ts')).sales,
  funnel: async () => (await import('./commands/funnel.ts')).funnel,
  activity: async () => (await import('./commands/activity.ts')).activity,
  search: async () => (await import('./commands/search.ts')).search,
  history: async () => (await import('./commands/history.ts')).history,
  outbox: async () => (await import('./commands/outbox.ts')).outbox,
  rebuild: async () => (await import('./commands/rebuild.ts')).rebuild,
  forget: async () => (await import('./commands/forget.ts')).forget,
  dlq: async () => (await import('./commands/dlq.ts')).dlq,
  pause: async () => (await import('./commands/pause.ts')).pause,
  resume: async () => (await import('./commands/resume.ts')).resume,
  clock: async () => (await import('./commands/clock.ts')).clock,
  conformance: async () => (await import('./commands/conformance.ts')).conformance,
  chaos: async () => (await import('./commands/chaos.ts')).chaos,
  proof: async () => (await import('./commands/proof.ts')).proof,
  cost: async () => (await import('./commands/cost.ts')).cost,
  capacity: async () => (await import('./commands/capacity.ts')).capacity,
  bench: async () => (await import('./commands/bench.ts')).bench,
};

const COMMON: Options = {
  help: { type: 'boolean', short: 'h' },
  json: { type: 'boolean' },
  port: { type: 'string' },
  target: { type: 'string' },
};

async function main(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h')
    return help(name === undefined ? 2 : 0);
  const load = COMMANDS[name];
  if (load === undefined) {
    throw new UsageError(`There is no command "${name}". Commands: ${Object.keys(COMMANDS).join(', ')}.`);
  }
  const command = await load();
  const { values, positionals } = parse(rest, command);
  if (values['help'] === true) {
    process.stdout.write(`orders ${command.usage}\n\n${command.summary}\n`);
    return 0;
  }
  const { least, most } = command.operands;
  if (positionals.length < least || positionals.length > most)
    throw new UsageError(`Usage: orders ${command.usage}`);
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () =>
      interrupt.abort(new UsageError(`Ended by ${signal}.`, signal === 'SIGINT' ? 130 : 143)),
    );
  }
  const input = { operands: positionals, values: values as CommandInput['values'], signal: interrupt.signal };
  return command.run(input).catch((error: unknown) => {
    throw interrupt.signal.aborted ? interrupt.signal.reason : error;
  });
}

function parse(args: string[], command: Command) {
  try {
    return parseArgs({
      args,
      options: { ...COMMON, ...command.options },
      allowPositionals: true,
      strict: true,
    });
  } catch (error) {
    const [problem] = String(error instanceof Error ? error.message : error).split(/\.?(?:\n| )(?=[A-Z])/);
    throw new UsageError(`${problem}. Usage: orders ${command.usage}`);
  }
}

async function help(code: number): Promise<number> {
  const commands = await Promise.all(Object.values(COMMANDS).map((load) => load()));
  const width = Math.max(...commands.map((command) => command.usage.length));
  const lines = commands.map((command) => `  orders ${command.usage.padEnd(width)}  ${command.summary}`);
  const text = `Usage:\n${lines.join('\n')}\n\nAll take --json, --port P (default 4400) and --help. On AWS: dlq, pause and resume with --target aws --outputs FILE\n(of cdktf deploy --outputs-file) and a token of the staff in ORDERSTREAM_TOKEN; smoke with AWS credentials instead.\n`;
  (code === 0 ? process.stdout : process.stderr).write(text);
  return code;
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => process.exit(fail(error)),
);
