import { DEV, resourcesOf, synthesize } from '../testing/synthesized.ts';

const stack = synthesize(DEV);
const only = (type: string) => Object.values(resourcesOf(stack, type));

describe('the mail', () => {
  it('comes from the address of the shop', () => {
    expect(only('aws_sesv2_email_identity')).toMatchObject([{ email_identity: 'shop@example.com' }]);
  });

  it('goes to no address that bounced or complained before', () => {
    expect(only('aws_sesv2_configuration_set')).toMatchObject([
      {
        configuration_set_name: 'orderstream-dev',
        suppression_options: { suppressed_reasons: ['BOUNCE', 'COMPLAINT'] },
        reputation_options: { reputation_metrics_enabled: true },
      },
    ]);
  });

  it('is told to the default bus when it comes back', () => {
    expect(only('aws_sesv2_configuration_set_event_destination')).toMatchObject([
      {
        event_destination: {
          enabled: true,
          matching_event_types: ['BOUNCE', 'COMPLAINT'],
          event_bridge_destination: {
            event_bus_arn:
              'arn:aws:events:eu-west-1:${data.aws_caller_identity.identity.account_id}:event-bus/default',
          },
        },
      },
    ]);
  });
});
