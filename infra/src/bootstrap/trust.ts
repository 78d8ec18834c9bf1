import { AUDIENCE, ISSUER, iamArn } from './names.ts';
import { type PolicyDocument, document } from './permissions/document.ts';

/** Which workflow runs may take a role: jobs in a GitHub environment, or runs for pull requests. */
export type Subject = `environment:${string}` | 'pull_request';

/**
 * Lets the workflow runs of one repository with this subject take a role, and nobody else.
 *
 * @param repository as it stands in the token's `sub`: `owner/name`, or `owner@1/name@2` with the ids.
 * @see https://docs.github.com/en/actions/reference/security/oidc
 */
export function trustOf(account: string, repository: string, subject: Subject): PolicyDocument {
  return document([
    {
      Effect: 'Allow',
      Principal: { Federated: iamArn(account, `oidc-provider/${ISSUER}`) },
      Action: ['sts:AssumeRoleWithWebIdentity'],
      Condition: {
        StringEquals: {
          [`${ISSUER}:aud`]: AUDIENCE,
          [`${ISSUER}:sub`]: `repo:${repository}:${subject}`,
        },
      },
    },
  ]);
}
