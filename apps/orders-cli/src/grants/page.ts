import { markdownTable } from '../markdown.ts';
import { idleIn, type ProvenGrant } from './proof.ts';

/** Where the page is, in the workspace. */
export const PAGE = 'docs/grants.md';

/** `docs/grants.md`: every grant of the stack and the path that needs it. */
export function grantsPage(standard: readonly ProvenGrant[], direct: readonly ProvenGrant[]): string {
  const others = besides(direct, standard);
  return `# Grants

Made by \`node apps/orders-cli/src/write-grants.ts\`; grants.e2e.test.ts walks the same paths and fails when who may do what on what has changed. The column “needed by” it does not compare: on a busy machine what one path began may end during the next.

Every grant of the stack is needed: one action on one resource, in a role’s policy, in that of a queue, a function or a network’s endpoint. The real bundles run while the policies are enforced, every path of the shop is walked, and each call is decided again without each grant that allowed it. A grant is needed by the first path on which a call is refused without it; what no path needs, or what another grant allows as well, is idle and fails the test.

Logs, traces, networks and the budget are what AWS’s documentation says that services do (docs/iam.md): no call here shows them.

Not shown here:

- What is seen is the refusal. That a path fails because of it is shown for one grant: without its update of orders, validate-order fails, and the order ends as FAILED.
- With \`ORDERSTREAM_PAYMENT_GATEWAY=stripe\` process-payment may \`secretsmanager:GetSecretValue\` on the provider’s one secret. The local cloud has no Secrets Manager and does not run that stack; the adapter’s own tests see the secret read.

## The stack as it is deployed by default

${standard.length} grants, ${idleIn(standard).length} idle.

${table(standard)}

## Without queues between rules and consumers

With \`ORDERSTREAM_DELIVERY=direct\`: ${direct.length} grants, ${idleIn(direct).length} idle. Those of them that are not in the table above:

${table(others)}
`;
}

/** Those grants that are not among the others, by who, what and on what. */
export function besides(grants: readonly ProvenGrant[], others: readonly ProvenGrant[]): ProvenGrant[] {
  const known = new Set(others.map(textOf));
  return grants.filter((grant) => !known.has(textOf(grant)));
}

function table(grants: readonly ProvenGrant[]): string {
  const rows = Map.groupBy(grants, ({ owner, resource, path }) =>
    JSON.stringify([ownerText(owner), resourceText(resource), path ?? 'idle']),
  );
  const cells = [...rows].map(([key, all]) => {
    const [owner, resource, path] = JSON.parse(key) as [string, string, string];
    return [owner, all.map(({ action }) => action).join(', '), resource, path];
  });
  const sorted = cells.toSorted((a, b) => (a.join() < b.join() ? -1 : 1));
  return markdownTable([['who', 'may', 'on', 'needed by'], ...sorted]);
}

function textOf({ owner, action, resource }: ProvenGrant): string {
  return `${ownerText(owner)} ${action} ${resourceText(resource)}`;
}

/** Roles by the app’s name; other policies by their resource, without what Terraform makes unique with. */
function ownerText(owner: string): string {
  const role = /^role orderstream-local-(.+)$/.exec(owner)?.[1];
  return role ?? owner.replace(/^aws_/, '').replace(/_[\dA-F]{8}$/, '');
}

/** An ARN without partition, region and account; `*` would start what Markdown reads as emphasis. */
function resourceText(resource: string): string {
  const short = resource
    .replace(/^arn:aws:[a-z0-9]+:[a-z0-9-]*:\d*:/, '')
    .replaceAll('orderstream-local-', '')
    .replaceAll('-000000000000', '')
    .replace(/\/stream\/.*$/, '/stream');
  return `\`${short}\``;
}
