import type { Bus } from '../stack/model.ts';
import type { Place } from './event.ts';
import { notFound } from './request.ts';

/** Every account has this bus without making it. */
export const DEFAULT_BUS = 'default';

/** The buses: those of the stack and the account's own. A bus may be given by its name or by its ARN. */
export class Buses {
  readonly #buses: ReadonlyMap<string, Bus>;

  constructor(buses: readonly Bus[], { region, accountId }: Place) {
    const arn = `arn:aws:events:${region}:${accountId}:event-bus/${DEFAULT_BUS}`;
    this.#buses = new Map([{ name: DEFAULT_BUS, arn }, ...buses].map((bus) => [bus.name, bus]));
  }

  find(reference: string): Bus | undefined {
    return this.#buses.get(busName(reference));
  }

  /** @throws AwsError `ResourceNotFoundException` */
  existing(reference: string): Bus {
    const bus = this.find(reference);
    if (bus) return bus;
    throw notFound('Event bus', busName(reference));
  }

  /** By name. */
  all(): readonly Bus[] {
    return [...this.#buses.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}

function busName(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}
