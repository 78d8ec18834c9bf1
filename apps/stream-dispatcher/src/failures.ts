import type { Task } from './plan.ts';

/** What of a batch was not done, and so has to come again. */
export class Failures {
  readonly #reasons = new Map<Task, string>();
  readonly #items = new Set<string>();

  /** Its item's other tasks are held back from now on. */
  add(task: Task, reason: string): void {
    this.#reasons.set(task, reason);
    this.#items.add(task.item);
  }

  /** Whether a task has to wait because one of its item's failed; then it fails with it. */
  holdBack(task: Task): boolean {
    if (!this.#items.has(task.item)) return false;
    if (!this.#reasons.has(task)) this.#reasons.set(task, 'another change of the same item failed');
    return true;
  }

  reason(task: Task): string | undefined {
    return this.#reasons.get(task);
  }
}
