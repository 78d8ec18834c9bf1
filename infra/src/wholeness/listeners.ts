import { block, texts, type Resource } from './document.ts';
import { fault, type Fault } from './finding.ts';
import { letsThrough } from './security-groups.ts';
import type { Stack } from './stack-view.ts';

/** Something inside the network that functions call: the groups that it stands in, and where it listens. */
interface Listener {
  readonly groups: unknown;
  readonly port: number;
}

/** By type. OpenSearch listens at one port only. */
const LISTENERS: Readonly<Record<string, (one: Resource) => Listener>> = {
  aws_opensearch_domain: (one) => ({
    groups: block(one.arguments['vpc_options'])['security_group_ids'],
    port: 443,
  }),
  aws_elasticache_replication_group: (one) => ({
    groups: one.arguments['security_group_ids'],
    port: Number(one.arguments['port']),
  }),
};

/** The search and the cache that a function is told of let it in, and its own group lets it out to them. */
export function listenerFaults(stack: Stack, lambda: Resource): readonly Fault[] {
  const told = new Set(stack.referredTo(block(lambda.arguments['environment'])['variables']));
  return [...told].flatMap((address) => {
    const one = stack.at(address);
    const listener = one && LISTENERS[one.type]?.(one);
    if (listener === undefined) return [];
    const { port } = listener;
    return letsThrough(stack, groupsOf(stack, lambda), rendered(stack, listener.groups), port)
      ? []
      : [
          fault(
            lambda,
            `is not let in to ${address} at port ${port}`,
            'Put it into the network, let its security group out to that port, and the other group let it in.',
          ),
        ];
  });
}

/** The ids of the security groups that a function stands in; none outside a network. */
export function groupsOf(stack: Stack, lambda: Resource): readonly string[] {
  return rendered(stack, block(lambda.arguments['vpc_config'])['security_group_ids']);
}

function rendered(stack: Stack, ids: unknown): readonly string[] {
  return texts(ids).map((id) => stack.render(id));
}
