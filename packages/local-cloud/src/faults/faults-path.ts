import { localJson, type LocalHandler } from '../endpoint/local-paths.ts';
import type { Faults } from './faults.ts';

/** `/_local/faults`: what faults there are and how often they struck; none where none were given. */
export function faultsPath(faults: Pick<Faults, 'seed' | 'strikes'> | undefined): LocalHandler {
  return async () => localJson({ seed: faults?.seed ?? null, faults: faults?.strikes() ?? [] });
}
