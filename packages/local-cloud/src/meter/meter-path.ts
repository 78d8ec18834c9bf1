import { localJson, type LocalHandler } from '../endpoint/local-paths.ts';
import type { Meter } from './meter.ts';

/** `/_local/meter`: GET answers what was counted; POST answers it too and counts from 0 again. */
export function meterPath(meter: Pick<Meter, 'reading' | 'restart'>): LocalHandler {
  return async ({ method }) => {
    const reading = meter.reading();
    if (method === 'POST') meter.restart();
    return localJson(reading);
  };
}
