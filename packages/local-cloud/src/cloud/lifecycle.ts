import type { Door } from './door.ts';
import type { Running } from './parts.ts';

/**
 * Starts every part. What an earlier process left under way goes on once all that it may need is there, and before the
 * mappings bring what is new. Nothing comes from outside before all of it runs: what meets a function that is not there
 * yet would fail.
 */
export async function startAll(parts: Running, door: Door): Promise<void> {
  parts.queues.start();
  await Promise.all([
    parts.tables.start(),
    parts.functions.start(),
    parts.cache?.start(),
    startSearch(parts, door),
  ]);
  if (door.ended) throw door.ended;
  parts.asyncInvoker.resume();
  parts.bus.start();
  parts.mail.resume();
  parts.workflows.resume();
  parts.mappings.start();
  parts.alarms.start();
  await parts.apis.listen();
  if (door.ended) throw door.ended;
  door.ready = true;
}

/** Search is loaded where a stack has it, and only there. */
async function startSearch({ stack, clock, journal, faults, iam }: Running, door: Door): Promise<void> {
  if (stack.search === undefined) return;
  const { SearchService } = await import('../search/search-service.ts');
  const { handler } = new SearchService(clock, journal);
  const struck = faults?.handler('es', handler) ?? handler;
  door.handlers['es'] = iam?.handler('es', struck) ?? struck;
}

/**
 * Ends the parts from the outside in, so that nothing new arrives while the rest ends. One that can't be ended keeps
 * none of the others. That the journal can't be written is no news here: whoever is to know it heard it then.
 */
export async function stopAll(parts: Running): Promise<void> {
  const steps = [
    () => parts.apis.close(),
    () => parts.alarms.stop(),
    () => parts.mappings.stop(),
    () => parts.bus.stop(),
    () => parts.asyncInvoker.stop(),
    () => parts.workflows.stop(),
    () => parts.functions.stop(),
    () => parts.cache?.stop(),
    () => parts.queues.stop(),
    () => parts.tables.stop(),
    () => parts.endpoint.close(),
    () => parts.clock.stop(),
    () => parts.trimmer.stop(),
    () => parts.journal.close(),
    () => parts.folder?.release(),
  ];
  const errors: unknown[] = [];
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      if (error !== parts.journal.failure) errors.push(error);
    }
  }
  if (errors.length === 0) return;
  const reasons = errors.map((error) => (error instanceof Error ? error.message : String(error)));
  throw new AggregateError(errors, `The local cloud did not end cleanly: ${reasons.join('; ')}`);
}
