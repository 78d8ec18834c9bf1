import {
  CloudClient,
  type AlarmsOfCloud,
  type HeldByCloud,
  type InjectedFaults,
  type RefusedCalls,
} from '../cloud-client.ts';
import type { Command } from '../command.ts';
import { inFlightText, printJson, table } from '../output.ts';
import { portOf } from '../session.ts';

/** `orders status`: is a local cloud ready? It never starts one. */
export const status: Command = {
  usage: 'status',
  summary: 'Says whether a local cloud is running and what is under way; exit 0 only when one is ready.',
  options: {},
  operands: { least: 0, most: 0 },
  async run(input) {
    const endpoint = `http://127.0.0.1:${portOf(input.values)}`;
    const cloud = new CloudClient(endpoint);
    const found = await cloud.status(input.signal);
    const held = found?.ready === true ? await cloud.held() : undefined;
    const faults = found?.ready === true ? await cloud.faults() : undefined;
    const refused = found?.ready === true ? await cloud.refusals() : undefined;
    const alarms = found?.ready === true ? await cloud.alarms() : undefined;
    const ready = found?.ready === true;
    if (input.values['json'] === true) {
      printJson(found ? { ...found, held, faults, refused, ...alarms } : { ready: false, endpoint });
    } else if (found === undefined) {
      process.stdout.write(`No local cloud answers at ${endpoint}. Start one: npm start\n`);
    } else {
      const rows: [string, string][] = [
        ['state', ready ? 'ready' : 'not ready'],
        ['stack', found.stack],
        ['endpoint', found.endpoint],
        ['api', found.api],
        ['in flight', inFlightText(found.inFlight) || 'nothing'],
        ['up for', `${Math.round(found.uptimeSeconds)} s`],
        ...(held ? heldRows(held) : []),
        ...(faults ? faultRows(faults) : []),
        ...(refused ? refusalRows(refused) : []),
        ...(alarms ? alarmRows(alarms) : []),
      ];
      process.stdout.write(`${table(rows)}\n`);
    }
    return ready ? 0 : 1;
  },
};

/** The faults that are injected, in lines. */
export function faultRows({ faults }: InjectedFaults): [string, string][] {
  return faults.map(({ name, considered, struck }) => [
    'fault',
    `${name}: struck ${struck} of ${considered}`,
  ]);
}

/** How many alarms there are, and those that ring with what to do, in lines. */
export function alarmRows({ alarms }: AlarmsOfCloud): [string, string][] {
  if (alarms.length === 0) return [];
  const ringing = alarms.filter(({ state }) => state === 'ALARM');
  return [
    [
      'alarms',
      `${ringing.length === 0 ? 'none' : ringing.length} of ${alarms.length} ${ringing.length === 1 ? 'rings' : 'ring'}`,
    ],
    ...ringing.map(({ name, since, description }): [string, string] => [
      'rings',
      `${name} since ${since}: ${description}`,
    ]),
  ];
}

/** Refusals that are told; the others are at `/_local/refusals`. */
const MOST_REFUSALS = 5;

/** What the policies refused, in lines, each kind once and the newest first. */
export function refusalRows({ iam, count, refusals }: RefusedCalls): [string, string][] {
  if (iam === 'off') return [['policies', 'not enforced (npm start without --iam off)']];
  const texts = refusals.map(({ caller, action, resource, policy, statement }) => {
    const remedy =
      statement === null ? `denied by ${policy}` : `${policy} lacks ${JSON.stringify(statement)}`;
    return `${caller}: ${action} on ${resource}; ${remedy}`;
  });
  const told = [...new Set(texts)].slice(0, MOST_REFUSALS);
  return [
    ['policies', `enforced, ${count} ${count === 1 ? 'call' : 'calls'} refused`],
    ...told.map((text): [string, string] => ['refused', text]),
  ];
}

/** How much the cloud holds, in lines. */
export function heldRows(held: HeldByCloud): [string, string][] {
  const { functions, tablesMb, journal, messages, objects } = held;
  const memory = [
    `${rounded(held.processMb)} MB`,
    `own heap ${rounded(held.heapMb)} MB`,
    `${functions.instances} function instances ${rounded(functions.mb)} MB`,
    ...(tablesMb === null ? [] : [`beside it the tables ${rounded(tablesMb)} MB`]),
  ];
  const rows = Object.entries(journal.rows)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${count} ${kind}`);
  const trimmed = Object.entries(journal.trimmed).map(
    ([subject, { until }]) => `${subject} up to ${new Date(until).toISOString()}`,
  );
  return [
    ['memory', memory.join(', ')],
    ['journal', `${rounded(journal.fileBytes / 1e6)} MB: ${rows.join(', ') || 'nothing'}`],
    ...(trimmed.length > 0 ? [['trimmed', trimmed.join(', ')] satisfies [string, string]] : []),
    ['queues', `${messages} messages`],
    ['buckets', `${objects.count} objects, ${rounded(objects.bytes / 1e6)} MB`],
  ];
}

function rounded(value: number): number {
  return Math.round(value);
}
