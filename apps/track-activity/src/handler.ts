import { logger, metrics, SummariesTable } from '@orderstream/lambda-kit';
import { trackWindow, type Tracked } from './track-window.ts';
import type { WindowEvent, WindowResponse } from './window-event.ts';

const summaries = new SummariesTable();

/**
 * Counts activity by the minute, in tumbling windows.
 *
 * @throws Error when the mapping has no window; whatever the summaries table throws, after which Lambda brings the same
 * state again.
 */
export async function handler(event: WindowEvent): Promise<WindowResponse> {
  if (!('window' in event)) {
    throw new Error('The batch belongs to no window. Set tumbling_window_in_seconds on the mapping.');
  }
  const tracked = await trackWindow(summaries, event);
  report(event, tracked);
  return { state: tracked.state, batchItemFailures: [] };
}

function report({ window, shardId }: WindowEvent, { counted, unreadable, chunks }: Tracked): void {
  if (unreadable.length > 0) {
    logger.error(
      'Some activity lacks what is counted, and was left out. Look who writes the activity table.',
      {
        count: unreadable.length,
        eventIds: unreadable.slice(0, 5),
      },
    );
  }
  if (chunks.written + chunks.before > 0) {
    logger.info('A window of activity was counted.', { start: window.start, shardId, ...chunks });
  }
  const values = { ActivitiesCounted: counted, ActivitiesUnreadable: unreadable.length };
  const told = Object.entries(values).filter(([, count]) => count > 0);
  for (const [name, count] of told) metrics.addMetric(name, 'Count', count);
  if (told.length > 0) metrics.publishStoredMetrics();
}
