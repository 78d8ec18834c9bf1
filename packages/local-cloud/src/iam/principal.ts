/** Who calls: a role, or a service for itself. */
export type Principal = RolePrincipal | ServicePrincipal;

export interface RolePrincipal {
  readonly kind: 'role';
  readonly roleArn: string;
  /** The session's name: that of the function. */
  readonly session: string;
}

export interface ServicePrincipal {
  readonly kind: 'service';
  /** `events.amazonaws.com`. */
  readonly service: string;
}

export type PrincipalMatcher = (principal: Principal) => boolean;

/** The ARN under which a role's session is known. */
export function sessionArn({ roleArn, session }: RolePrincipal): string {
  const [, , , , account = ''] = roleArn.split(':');
  return `arn:aws:sts::${account}:assumed-role/${roleNameIn(roleArn)}/${session}`;
}

export function roleNameIn(roleArn: string): string {
  return roleArn.slice(roleArn.lastIndexOf('/') + 1);
}

const ACCOUNT = /^(?:\d{12}|arn:aws:iam::\d{12}:root)$/;

/**
 * Compiles the `Principal` of a resource's policy. `*` is everyone. A whole account, allowed, grants nothing by itself
 * to its roles: it leaves that to their own policies; denied, it is every role.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function compilePrincipal(
  element: '*' | Readonly<Record<string, readonly string[]>>,
  effect: 'Allow' | 'Deny',
  problems: string[],
): PrincipalMatcher {
  if (element === '*') return () => true;
  const matchers: PrincipalMatcher[] = [];
  for (const [type, names] of Object.entries(element)) {
    for (const name of names) {
      if (type === 'Service') matchers.push((caller) => caller.kind === 'service' && caller.service === name);
      else if (type === 'AWS' && name === '*') matchers.push(() => true);
      else if (type === 'AWS' && ACCOUNT.test(name))
        matchers.push(({ kind }) => kind === 'role' && effect === 'Deny');
      else if (type === 'AWS' && name.includes(':role/'))
        matchers.push((caller) => caller.kind === 'role' && caller.roleArn === name);
      else if (type === 'AWS' && name.includes(':assumed-role/'))
        matchers.push((caller) => caller.kind === 'role' && sessionArn(caller) === name);
      else
        problems.push(
          `principal "${type}: ${name}" is not evaluated here. Name a service, a role or an account`,
        );
    }
  }
  return (principal) => matchers.some((matches) => matches(principal));
}
