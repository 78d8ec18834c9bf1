import type { Caller, ServiceHandler } from './service.ts';
import { unknownOperation } from './unknown-operation.ts';

const XML_NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

/**
 * STS, as far as GetCallerIdentity: who a call's access key belongs to. A function is in a session of its role; every
 * other key is a user of that name.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export function callerIdentity(accountId: string): ServiceHandler {
  return async ({ operation, caller }) => {
    if (operation !== 'GetCallerIdentity') {
      const instead = 'A call is made with the access key alone: a function has its role with it.';
      throw unknownOperation(operation, instead, ['GetCallerIdentity']);
    }
    const { arn, userId } = identityOf(caller, accountId);
    const members = { Arn: arn, UserId: userId, Account: accountId };
    const result = Object.entries(members).map(([name, value]) => `<${name}>${value}</${name}>`);
    const body =
      `<GetCallerIdentityResponse xmlns="${XML_NAMESPACE}">` +
      `<GetCallerIdentityResult>${result.join('')}</GetCallerIdentityResult>` +
      '</GetCallerIdentityResponse>';
    return { status: 200, headers: { 'content-type': 'text/xml' }, body };
  };
}

function identityOf({ kind, name, roleArn }: Caller, accountId: string) {
  if (kind === 'operator') {
    const user = name.replaceAll(/[^\w+=,.@-]/g, '_');
    return { arn: `arn:aws:iam::${accountId}:user/${user}`, userId: user };
  }
  const role = roleArn?.slice(roleArn.lastIndexOf('/') + 1) ?? name;
  return { arn: `arn:aws:sts::${accountId}:assumed-role/${role}/${name}`, userId: `${role}:${name}` };
}
