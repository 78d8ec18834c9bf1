import { localJson, type LocalHandler } from '../endpoint/local-paths.ts';
import type { AlarmView } from './alarms.ts';

/** `/_local/alarms`: the stack's alarms, those that ring first, and each as it stands. */
export function alarmsPath(alarms: { states(): AlarmView[] }): LocalHandler {
  return async () => {
    const states = alarms.states();
    const rings = ({ state }: AlarmView) => state === 'ALARM';
    return localJson({
      alarms: [...states.filter(rings), ...states.filter((alarm) => !rings(alarm))],
    });
  };
}
