import { AwsError } from '../endpoint/service.ts';
import type { State } from '../journal/state.ts';
import type { Bus, Rule, Schedule } from '../stack/model.ts';
import type { Destination } from './target.ts';
import { compilePatternOf } from './pattern.ts';

/** A rule that is ready to be matched against events. */
export interface CompiledRule {
  readonly rule: Rule;
  readonly matches: (event: unknown) => boolean;
  readonly destinations: readonly Destination[];
}

/** A rule as its bus knows it: with a pattern, with a schedule or with both. */
export interface ListedRule extends Omit<Rule, 'pattern'> {
  readonly pattern: string | undefined;
  readonly schedule: string | undefined;
}

/** The rules of all buses, and whether they are enabled at present. */
export class Rules {
  readonly #compiled: readonly CompiledRule[];
  readonly #listed: ReadonlyMap<string, readonly ListedRule[]>;
  readonly #state: State;
  /** What EnableRule and DisableRule have changed, by bus and name. */
  readonly #enabled: Map<string, boolean>;
  #active: ReadonlyMap<string, readonly CompiledRule[]>;

  /** @throws Error for a rule whose pattern EventBridge refuses, naming it. */
  constructor(
    rules: readonly Rule[],
    schedules: readonly Schedule[],
    destinationsOf: (rule: Rule) => readonly Destination[],
    state: State,
  ) {
    this.#state = state;
    this.#enabled = new Map(state.entries('rule').map(([key, enabled]) => [key, enabled === true]));
    this.#compiled = rules.map((rule) => {
      const matches = compilePatternOf(`Rule ${rule.name}`, rule.pattern);
      return { rule, matches, destinations: destinationsOf(rule) };
    });
    this.#listed = Map.groupBy(listed(rules, schedules), ({ busName }) => busName);
    this.#active = this.#enabledRules();
  }

  /** The rules of a bus that events are matched against now. */
  active(busName: string): readonly CompiledRule[] {
    return this.#active.get(busName) ?? [];
  }

  /** The rules of a bus, by name. */
  on({ name }: Bus): readonly ListedRule[] {
    return this.#listed.get(name) ?? [];
  }

  /** @throws AwsError `ResourceNotFoundException` */
  named(bus: Bus, name: string): ListedRule {
    const rule = this.on(bus).find((rule) => rule.name === name);
    if (rule) return rule;
    throw new AwsError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus ${bus.name}.`);
  }

  isEnabled(rule: Pick<Rule, 'busName' | 'name' | 'enabled'>): boolean {
    return this.#enabled.get(keyOf(rule)) ?? rule.enabled;
  }

  /** Switches a rule on or off. */
  enable(rule: ListedRule, enabled: boolean): void {
    this.#enabled.set(keyOf(rule), enabled);
    this.#state.put('rule', keyOf(rule), enabled);
    this.#active = this.#enabledRules();
  }

  #enabledRules(): ReadonlyMap<string, readonly CompiledRule[]> {
    const enabled = this.#compiled.filter(({ rule }) => this.isEnabled(rule));
    return Map.groupBy(enabled, ({ rule }) => rule.busName);
  }
}

function listed(rules: readonly Rule[], schedules: readonly Schedule[]): ListedRule[] {
  const byKey = new Map<string, ListedRule>();
  for (const rule of rules) byKey.set(keyOf(rule), { ...rule, schedule: undefined });
  for (const { expression, ...rule } of schedules) {
    const pattern = byKey.get(keyOf(rule))?.pattern;
    byKey.set(keyOf(rule), { ...rule, pattern, schedule: expression });
  }
  return [...byKey.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function keyOf({ busName, name }: Pick<Rule, 'busName' | 'name'>): string {
  return `${busName}/${name}`;
}
