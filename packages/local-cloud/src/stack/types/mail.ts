import * as z from 'zod';
import { args, block, flag, inert, refused, text } from '../arguments.ts';
import { arn, shortId } from '../arns.ts';
import type { Draft } from '../draft.ts';
import type { Stack } from '../model.ts';
import { resourceType } from '../resource-type.ts';

const KEPT_HERE = 'mail stays on this machine, where it is listed';

const identity = resourceType({
  type: 'aws_sesv2_email_identity',
  schema: args({
    email_identity: text,
    configuration_set_name: text.optional(),
    dkim_signing_attributes: inert(KEPT_HERE),
  }),
  attributes({ email_identity }, place, address) {
    return {
      id: email_identity,
      arn: arn('ses', `identity/${email_identity}`, place),
      identity_type: email_identity.includes('@') ? 'EMAIL_ADDRESS' : 'DOMAIN',
      verification_status: 'SUCCESS',
      verified_for_sending_status: true,
      dkim_signing_attributes: [{ tokens: [1, 2, 3].map((n) => shortId(`${address} ${n}`)) }],
    };
  },
  contribute({ address, args, attributes }, draft) {
    draft.mailIdentities.push({
      address,
      name: args.email_identity,
      arn: attributes.arn,
      ...(args.configuration_set_name !== undefined && { configurationSet: args.configuration_set_name }),
    });
  },
});

const configurationSet = resourceType({
  type: 'aws_sesv2_configuration_set',
  schema: args({
    configuration_set_name: text,
    archiving_options: inert(KEPT_HERE),
    delivery_options: inert(KEPT_HERE),
    reputation_options: inert('no metrics are collected here'),
    sending_options: inert(KEPT_HERE),
    suppression_options: inert('only the mailbox simulator has a suppression list here'),
    tracking_options: inert('opens and clicks are not tracked here'),
    vdm_options: inert('no metrics are collected here'),
  }),
  attributes: ({ configuration_set_name }, place) => ({
    id: configuration_set_name,
    arn: arn('ses', `configuration-set/${configuration_set_name}`, place),
  }),
  contribute: ({ args, attributes }, draft) =>
    draft.mailConfigurationSets.push({ name: args.configuration_set_name, arn: attributes.arn }),
});

const EVENT_TYPES = [
  ...['SEND', 'REJECT', 'BOUNCE', 'COMPLAINT', 'DELIVERY', 'OPEN', 'CLICK', 'RENDERING_FAILURE'],
  ...['DELIVERY_DELAY', 'SUBSCRIPTION'],
];

const BUS_ONLY = 'Send events to the default bus, with "event_bridge_destination"';

const eventDestination = resourceType({
  type: 'aws_sesv2_configuration_set_event_destination',
  schema: args({
    configuration_set_name: text,
    event_destination_name: text,
    event_destination: z.preprocess(
      (value) => (Array.isArray(value) && value.length === 1 ? value[0] : value),
      z.strictObject({
        enabled: flag.default(false),
        matching_event_types: z
          .array(z.enum(EVENT_TYPES, { error: `must be of ${EVENT_TYPES.join(', ')}` }))
          .min(1),
        event_bridge_destination: block({
          event_bus_arn: z.string().regex(/^arn:aws:events:[^:]+:\d+:event-bus\/default$/, {
            error: 'must be the default bus of the account: SES tells no other',
          }),
        }),
        cloud_watch_destination: refused(BUS_ONLY),
        kinesis_firehose_destination: refused(BUS_ONLY),
        pinpoint_destination: refused(BUS_ONLY),
        sns_destination: refused(BUS_ONLY),
      }),
    ),
  }).refine(({ event_destination }) => event_destination.event_bridge_destination !== undefined, {
    path: ['event_destination', 'event_bridge_destination'],
    error: 'must be set',
  }),
  attributes: (args) => ({ id: `${args.configuration_set_name}|${args.event_destination_name}` }),
  contribute({ address, args }, draft) {
    draft.mailEventDestinations.push({
      address,
      configurationSet: args.configuration_set_name,
      enabled: args.event_destination.enabled,
      eventTypes: args.event_destination.matching_event_types,
    });
  },
});

export const mailTypes = [identity, configurationSet, eventDestination];

/** Identities and configuration sets, each set with the events that are told to the default bus. */
export function linkMail(
  draft: Draft,
  problems: string[],
): Pick<Stack, 'mailIdentities' | 'mailConfigurationSets'> {
  const names = new Set(draft.mailConfigurationSets.map(({ name }) => name));
  const requireSet = (address: string, name: string | undefined) => {
    if (name === undefined || names.has(name)) return;
    problems.push(`${address}: configuration set "${name}" is not in this stack`);
  };
  const mailIdentities = draft.mailIdentities.map(({ address, ...identity }) => {
    requireSet(address, identity.configurationSet);
    return identity;
  });
  const told = draft.mailEventDestinations.filter(({ address, configurationSet, enabled }) => {
    requireSet(address, configurationSet);
    return enabled;
  });
  const mailConfigurationSets = draft.mailConfigurationSets.map((set) => {
    const own = told.filter(({ configurationSet }) => configurationSet === set.name);
    return { ...set, eventTypes: [...new Set(own.flatMap(({ eventTypes }) => eventTypes))] };
  });
  return { mailIdentities, mailConfigurationSets };
}
