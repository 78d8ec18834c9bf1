import type { Mapping } from '../stack/model.ts';
import type { MappingState, RunningMapping } from './mapping-state.ts';

/** A mapping that may not read its source: it stands as it is switched, says why, and delivers nothing. */
export class RefusedMapping implements RunningMapping {
  readonly #mapping: Mapping;
  readonly #problem: string;
  #isEnabled: boolean;

  constructor(mapping: Mapping, problem: string) {
    this.#mapping = mapping;
    this.#problem = problem;
    this.#isEnabled = mapping.enabled;
  }

  start(): void {
    // There is nothing that it may read.
  }

  stop(): void {
    // Nothing is under way.
  }

  pause(): void {
    this.#isEnabled = false;
  }

  resume(): void {
    this.#isEnabled = true;
  }

  state(): MappingState {
    const { id, functionName, sourceArn } = this.#mapping;
    const state = this.#isEnabled ? 'Enabled' : 'Disabled';
    return { id, functionName, sourceArn, state, position: undefined, behind: 0, problem: this.#problem };
  }
}
