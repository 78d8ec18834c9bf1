import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { DISPATCHED_AT_ONCE, type WorkflowStart } from '@orderstream/domain';
import type { DynamoDBRecord } from 'aws-lambda';
import { calls, entryOf } from './entries.ts';
import { Failures } from './failures.ts';
import { inParallel } from './in-parallel.ts';
import { plan, type Tables, type Task } from './plan.ts';

/** What the dispatcher does to the world. */
export interface Effects {
  /** Starts a workflow; one that was started before is no error. */
  start(workflow: WorkflowStart): Promise<void>;
  /** Publishes up to ten entries. Answers, entry by entry, why it failed, or `undefined`. */
  publish(entries: readonly PutEventsRequestEntry[]): Promise<readonly (string | undefined)[]>;
  /** Keeps a record that nobody can read, whole, and why. */
  quarantine(record: DynamoDBRecord, reason: string): Promise<void>;
  wait(milliseconds: number): Promise<void>;
}

export interface Outcome {
  readonly started: number;
  readonly published: number;
  readonly quarantined: number;
  /** What was not done, in the batch's order. */
  readonly failed: readonly { readonly record: DynamoDBRecord; readonly reason: string }[];
}

/** An entry and the task that it belongs to. */
interface Part {
  readonly task: Task;
  readonly entry: PutEventsRequestEntry;
}

/** A workflow and the task that it belongs to. */
interface Start {
  readonly task: Task;
  readonly workflow: WorkflowStart;
}

/** What makes a batch another than those of the stream. */
export interface DispatchOptions {
  /** Somebody redrives it: a record that still can't be read fails, for it is kept as a dead letter already. */
  readonly redriven?: boolean;
}

/** Most milliseconds before what the bus did not take is sent again; jitter makes them fewer. */
const PAUSES: readonly number[] = [100, 200, 400];

/**
 * Does all that follows from a batch of records: first workflows are started, then events are published, then unreadable
 * records go into quarantine. An item's changes are handled in their order: its next event goes out when the last one is
 * out, and after a failure its other records wait to be brought again. Other items go on meanwhile.
 *
 * Everything may be done twice: executions are named after their order, events carry the record's id, and a
 * quarantined record has its own key. What Lambda brings again is all from the first failure on, so that an unreadable
 * record behind it waits for that: put into quarantine now, it would be put there again after somebody redrove it.
 */
export async function dispatch(
  records: readonly DynamoDBRecord[],
  tables: Tables,
  bus: string,
  effects: Effects,
  { redriven = false }: DispatchOptions = {},
): Promise<Outcome> {
  const tasks = plan(records, tables);
  const failures = new Failures();

  if (redriven) {
    for (const task of tasks) if (task.unreadable !== undefined) failures.add(task, task.unreadable);
  }
  const starts = tasks.flatMap((task) => (task.workflow ? [{ task, workflow: task.workflow }] : []));
  await inParallel(DISPATCHED_AT_ONCE, starts, (each) => start(each, effects, failures));
  for (const round of rounds(tasks, bus)) {
    const parts = round.filter(({ task }) => !failures.holdBack(task));
    await inParallel(DISPATCHED_AT_ONCE, calls(parts), (call) => publish(call, effects, failures));
  }

  if (!redriven) await quarantine(tasks, effects, failures);

  const done = tasks.filter((task) => failures.reason(task) === undefined);
  return {
    started: done.filter(({ workflow }) => workflow !== undefined).length,
    published: done.reduce((sum, { events }) => sum + events.length, 0),
    quarantined: done.filter(({ unreadable }) => unreadable !== undefined).length,
    failed: tasks.flatMap((task) => {
      const reason = failures.reason(task);
      return reason === undefined ? [] : [{ record: task.record, reason }];
    }),
  };
}

async function start({ task, workflow }: Start, effects: Effects, failures: Failures): Promise<void> {
  try {
    await effects.start(workflow);
  } catch (error) {
    failures.add(task, String(error));
  }
}

/** Keeps the unreadable records before the first failure; those behind it come again with it. */
async function quarantine(tasks: readonly Task[], effects: Effects, failures: Failures): Promise<void> {
  const failed = tasks.findIndex((task) => failures.reason(task) !== undefined);
  const end = failed === -1 ? tasks.length : failed;
  await inParallel(DISPATCHED_AT_ONCE, [...tasks.entries()], async ([index, task]) => {
    if (task.unreadable === undefined) return;
    if (index >= end) {
      failures.add(task, 'it waits for an earlier record, which failed');
      return;
    }
    try {
      await effects.quarantine(task.record, task.unreadable);
    } catch (error) {
      failures.add(task, String(error));
    }
  });
}

/** What is to be published, so that the n-th round holds every item's n-th entry. */
function rounds(tasks: readonly Task[], bus: string): Part[][] {
  const all: Part[][] = [];
  const counts = new Map<string, number>();
  for (const task of tasks) {
    for (const event of task.events) {
      const count = counts.get(task.item) ?? 0;
      counts.set(task.item, count + 1);
      (all[count] ??= []).push({ task, entry: entryOf(event, bus) });
    }
  }
  return all;
}

/** Publishes the entries of one call, and after each pause again those that the bus did not take. */
async function publish(call: readonly Part[], effects: Effects, failures: Failures): Promise<void> {
  let refused = await send(call, effects);
  for (const pause of PAUSES) {
    if (refused.length === 0) return;
    await effects.wait(Math.random() * pause);
    refused = await send(refused, effects);
  }
  for (const { task, reason } of refused) failures.add(task, reason);
}

/** What the bus did not take, and why: single entries, or all of them where the call failed. */
async function send(call: readonly Part[], effects: Effects): Promise<(Part & { reason: string })[]> {
  try {
    const reasons = await effects.publish(call.map(({ entry }) => entry));
    return call.flatMap(({ task, entry }, index) => {
      const reason = reasons[index];
      return reason === undefined ? [] : [{ task, entry, reason }];
    });
  } catch (error) {
    return call.map(({ task, entry }) => ({ task, entry, reason: String(error) }));
  }
}
