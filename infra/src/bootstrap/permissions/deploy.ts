import type { Statement } from '../../functions/role.ts';
import type { Access, Place, Rows } from './access.ts';
import { COMPUTE_ROWS } from './compute-rows.ts';
import { DATA_ROWS } from './data-rows.ts';
import { MESSAGING_ROWS } from './messaging-rows.ts';
import { NETWORK_ROWS } from './network-rows.ts';
import { smokeStatements } from './smoke.ts';
import { WATCHING_ROWS } from './watching-rows.ts';

/** What Terraform needs for each type of resource that the stack is made of; a test asks for a row of every one. */
export const ROWS: Rows = {
  ...DATA_ROWS,
  ...COMPUTE_ROWS,
  ...MESSAGING_ROWS,
  ...NETWORK_ROWS,
  ...WATCHING_ROWS,
};

/**
 * What whoever deploys an environment may do: make, change and delete what the stack is made of, keep its state, and try a
 * deployment out, in prod excepted.
 */
export function deployStatements(place: Place, stateBucket: string): Statement[] {
  return [
    ...grouped(place, ({ read = [], write = [] }) => [...read, ...write]),
    ...stateStatements(place, stateBucket, ['s3:GetObject', 's3:PutObject', 's3:DeleteObject']),
    ...(place.isForTrials ? smokeStatements(place) : []),
  ];
}

/**
 * What a plan of an environment needs: to read what is there, and the state. It takes no lock, for that is a write: plan
 * with `-lock=false`.
 */
export function diffStatements(place: Place, stateBucket: string): Statement[] {
  return [
    ...grouped(place, ({ read = [] }) => read),
    ...stateStatements(place, stateBucket, ['s3:GetObject']),
  ];
}

/** The state of one environment alone; its lock is an object beside it. */
function stateStatements({ prefix }: Place, bucket: string, actions: readonly string[]): Statement[] {
  return [
    { Effect: 'Allow', Action: ['s3:ListBucket'], Resource: [`arn:aws:s3:::${bucket}`] },
    { Effect: 'Allow', Action: actions, Resource: [`arn:aws:s3:::${bucket}/${prefix}*`] },
  ];
}

/** One statement for all that is allowed on the same resources under the same condition. */
function grouped(place: Place, actionsOf: (access: Access) => readonly string[]): Statement[] {
  const groups = new Map<string, { access: Access; actions: Set<string> }>();
  for (const row of Object.values(ROWS)) {
    for (const access of row(place)) {
      const key = JSON.stringify([access.resources, access.condition]);
      const group = groups.get(key) ?? { access, actions: new Set() };
      for (const action of actionsOf(access)) group.actions.add(action);
      groups.set(key, group);
    }
  }
  return [...groups.values()]
    .filter(({ actions }) => actions.size > 0)
    .map(({ access: { resources, condition }, actions }) => ({
      Effect: 'Allow',
      Action: [...actions].toSorted(),
      Resource: resources,
      ...(condition && { Condition: condition }),
    }));
}
