import type { ServiceHandler } from '../endpoint/service.ts';
import { unknownOperation } from '../endpoint/unknown-operation.ts';
import { answer } from './answer.ts';
import { Form } from './form.ts';
import { Policies } from './policies.ts';
import { Providers } from './providers.ts';
import { Roles } from './roles.ts';

/**
 * IAM, as far as an account is prepared for deployments with it: identity providers, managed policies and roles, in
 * memory. They are kept and told, and decide nothing here: what functions may do is said by the stack's policies alone.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html
 */
export function identityService(accountId: string): ServiceHandler {
  const policies = new Policies(accountId);
  const operations = {
    ...new Providers(accountId).operations,
    ...policies.operations,
    ...new Roles(accountId, policies).operations,
  };
  return async ({ operation, body }) => {
    const run = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
    if (!run) {
      const instead = "Functions' roles are the stack's: change the stack and start again.";
      throw unknownOperation(operation, instead, Object.keys(operations));
    }
    return answer(operation, run(new Form(body)));
  };
}
