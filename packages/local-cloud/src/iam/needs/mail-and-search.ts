import * as z from 'zod';
import { parseAddress } from '../../mail/address.ts';
import { identityOf } from '../../mail/identity.ts';
import { arn } from '../../stack/arns.ts';
import { each, membersOf, type NeedsOf, unreadable } from './needs.ts';

const sendEmail = z.object({ FromEmailAddress: z.string(), ConfigurationSetName: z.string().nullish() });

/**
 * A mail needs its sender's identity and, where one is used, the configuration set, also one that the identity brings along.
 *
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html
 */
export const sesNeeds: NeedsOf = (request, place) => {
  const { pathname } = new URL(request.url, 'http://ses');
  if (request.method !== 'POST' || pathname !== '/v2/email/outbound-emails') return undefined;
  const { FromEmailAddress, ConfigurationSetName } = membersOf(sendEmail, request);
  const from = parseAddress(FromEmailAddress);
  if (typeof from === 'string') throw unreadable(request, `FromEmailAddress: ${from}`);
  const identity = identityOf(place.mailIdentities, from);
  const set = ConfigurationSetName ?? identity?.configurationSet;
  return each('ses:SendEmail', [
    identity?.arn ?? arn('ses', `identity/${from.address}`, place),
    ...(set === undefined ? [] : [arn('ses', `configuration-set/${set}`, place)]),
  ]);
};

const METHODS: Readonly<Record<string, string>> = {
  GET: 'es:ESHttpGet',
  HEAD: 'es:ESHttpHead',
  POST: 'es:ESHttpPost',
  PUT: 'es:ESHttpPut',
  DELETE: 'es:ESHttpDelete',
  PATCH: 'es:ESHttpPatch',
};

/**
 * The method is the action, the path a part of the resource.
 *
 * Source: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ac.html
 */
export const searchNeeds: NeedsOf = ({ method, url }, { search }) => {
  const action = METHODS[method];
  if (action === undefined || search === undefined) return undefined;
  const [path = ''] = url.split('?');
  return [{ action, resource: `${search.arn}${path}` }];
};
