import * as z from 'zod';
import { args, block, flag, inert, jsonText, refused, text } from '../arguments.ts';
import { arn } from '../arns.ts';
import type { Draft } from '../draft.ts';
import type { SearchDomain } from '../model.ts';
import { resourceType } from '../resource-type.ts';
import { REACHES_EVERYTHING } from './network.ts';

const ONE_PROCESS = 'search runs inside the local cloud, in memory';
const OWN_ADDRESS = 'Remove it: the endpoint of the local cloud has one address';

const domain = resourceType({
  type: 'aws_opensearch_domain',
  schema: args({
    domain_name: text,
    engine_version: z
      .string()
      .regex(/^OpenSearch_\d/, { error: 'must be a version of OpenSearch (OpenSearch_2.19)' })
      .optional(),
    cluster_config: inert(ONE_PROCESS),
    ebs_options: inert(ONE_PROCESS),
    encrypt_at_rest: inert(ONE_PROCESS),
    node_to_node_encryption: inert(ONE_PROCESS),
    auto_tune_options: inert(ONE_PROCESS),
    snapshot_options: inert(ONE_PROCESS),
    off_peak_window_options: inert(ONE_PROCESS),
    software_update_options: inert(ONE_PROCESS),
    log_publishing_options: inert(ONE_PROCESS),
    vpc_options: inert(REACHES_EVERYTHING),
    ip_address_type: inert(REACHES_EVERYTHING),
    access_policies: jsonText.optional(),
    domain_endpoint_options: block({
      enforce_https: inert('the endpoint of the local cloud speaks HTTP, on this machine only'),
      tls_security_policy: inert('the endpoint of the local cloud speaks HTTP, on this machine only'),
      custom_endpoint: refused(OWN_ADDRESS),
      custom_endpoint_enabled: refused(OWN_ADDRESS),
      custom_endpoint_certificate_arn: refused(OWN_ADDRESS),
    }),
    advanced_security_options: block({
      enabled: flag.refine((on) => !on, {
        error: 'there are no users here. Let roles in by signed requests',
      }),
      anonymous_auth_enabled: inert('there are no users here'),
    }),
    advanced_options: refused('Remove it: none of them is run here'),
    cognito_options: refused('Remove it: there are no users here'),
  }),
  attributes({ domain_name }, place, address) {
    const domainArn = arn('es', `domain/${domain_name}`, place);
    const endpoint = place.searchEndpoint(domain_name, address);
    return {
      id: domainArn,
      arn: domainArn,
      domain_id: `${place.accountId}/${domain_name}`,
      endpoint,
      dashboard_endpoint: `${endpoint}/_dashboards`,
    };
  },
  contribute({ address, args, attributes }, draft) {
    draft.searchDomains.push({ name: args.domain_name, arn: attributes.arn });
    if (args.access_policies === undefined) return;
    const document = args.access_policies;
    draft.resourcePolicies.push({ address, resourceArn: attributes.arn, document });
  },
});

const policy = resourceType({
  type: 'aws_opensearch_domain_policy',
  schema: args({ domain_name: text, access_policies: jsonText }),
  attributes: ({ domain_name }, place) => ({
    id: `esd-policy-${domain_name}`,
    domain_arn: arn('es', `domain/${domain_name}`, place),
  }),
  contribute: ({ address, args, attributes }, draft) =>
    draft.resourcePolicies.push({
      address,
      resourceArn: attributes.domain_arn,
      document: args.access_policies,
    }),
});

export const searchTypes = [domain, policy];

/** The search domain of the stack; one is run here. */
export function linkSearch({ searchDomains }: Draft, problems: string[]): SearchDomain | undefined {
  const [first, second] = searchDomains;
  if (first && second) {
    problems.push(
      `there are two search domains, "${first.name}" and "${second.name}": one is run here. Remove one`,
    );
  }
  return first;
}
