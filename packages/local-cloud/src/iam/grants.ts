import { decide, type Call, type Policies } from './decision.ts';
import { without, type Statement } from './policy.ts';

/** One action on one resource, as a statement allows it. */
export interface Grant {
  /** Where it stands: `role shop-api, statement 2`. */
  readonly statement: string;
  readonly action: string;
  readonly resource: string;
  /** Whether it has allowed a call. */
  readonly used: boolean;
  /** The first call that is refused without it; undefined where none was made, or others allow the same. */
  readonly neededBy: NeededBy | undefined;
}

/** A call, by who made it. */
export interface NeededBy {
  /** As the journal tells it: `function shop-api`. */
  readonly caller: string;
  readonly action: string;
  readonly resource: string;
}

/** What calls made of one grant so far. */
interface Use {
  neededBy?: NeededBy;
}

/**
 * Which grants the calls need that were made so far: every call that was allowed is decided again with each of its grants
 * removed in turn. A grant without which all calls would still be allowed is idle, or stands twice.
 */
export class GrantUse {
  /** By statement, action and resource. */
  readonly #uses = new Map<Statement, Map<string, Use>>();

  /** Notes down a call that was allowed. @param by all statements that allow it. */
  note(caller: string, call: Call, policies: Policies, by: readonly Statement[]): void {
    for (const statement of by) {
      for (const { action, resource } of statement.grantsFor(call)) {
        const use = this.#use(statement, action, resource);
        if (use.neededBy) continue;
        const rest = withoutGrant(policies, statement, action, resource);
        if (decide(call, rest).allowed) continue;
        use.neededBy = { caller, action: call.action, resource: call.resource };
      }
    }
  }

  /** Every grant of these statements. */
  of(statements: readonly Statement[]): Grant[] {
    const allowing = statements.filter(({ effect }) => effect === 'Allow');
    return allowing.flatMap((statement) =>
      statement.resources.flatMap((resource) =>
        statement.actions.map((action) => {
          const use = this.#uses.get(statement)?.get(`${action} ${resource}`);
          return {
            ...{ statement: statement.name, action, resource },
            ...{ used: use !== undefined, neededBy: use?.neededBy },
          };
        }),
      ),
    );
  }

  #use(statement: Statement, action: string, resource: string): Use {
    let uses = this.#uses.get(statement);
    if (!uses) this.#uses.set(statement, (uses = new Map()));
    const key = `${action} ${resource}`;
    let use = uses.get(key);
    if (!use) uses.set(key, (use = {}));
    return use;
  }
}

function withoutGrant(
  { identity, resource: ofResource, endpoint }: Policies,
  statement: Statement,
  action: string,
  resource: string,
): Policies {
  const rest = (all: readonly Statement[]) =>
    all.flatMap((one) => (one === statement ? without(one, action, resource) : one));
  return { identity: rest(identity), resource: rest(ofResource), endpoint: endpoint && rest(endpoint) };
}
