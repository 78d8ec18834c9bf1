import { alarms } from './alarms.ts';
import { apis } from './apis.ts';
import { buckets } from './buckets.ts';
import { conditions } from './conditions.ts';
import { dashboards } from './dashboards.ts';
import type { StackDocument } from './document.ts';
import { environments } from './environments.ts';
import type { Finding, Rule } from './finding.ts';
import { functions } from './functions.ts';
import { known } from './known.ts';
import { mappings } from './mappings.ts';
import { names } from './names.ts';
import { network } from './network.ts';
import { order, references } from './references.ts';
import { resourceAccess } from './resource-access.ts';
import { securityGroups } from './security-groups.ts';
import { sizes } from './sizes.ts';
import { Stack } from './stack-view.ts';
import { stored } from './stored.ts';
import { switches } from './switches.ts';
import { notifications, targets } from './targets.ts';
import { trust } from './trust.ts';
import { unused } from './unused.ts';
import { wildcards } from './wildcards.ts';
import { workflows } from './workflows.ts';

/** What holds of every stack that may be deployed. */
export const RULES: readonly Rule[] = [
  references,
  order,
  unused,
  known,
  wildcards,
  conditions,
  trust,
  resourceAccess,
  buckets,
  stored,
  functions,
  network,
  securityGroups,
  environments,
  mappings,
  targets,
  notifications,
  apis,
  workflows,
  alarms,
  dashboards,
  switches,
  names,
  sizes,
];

/** What keeps a synthesized stack from being whole: what would fail on AWS, or give too much away there. */
export function findingsIn(document: StackDocument): readonly Finding[] {
  const stack = new Stack(document);
  return RULES.flatMap(({ name, check }) => check(stack).map((one) => ({ rule: name, ...one })));
}
