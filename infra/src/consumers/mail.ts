import { Sesv2ConfigurationSet } from '@cdktf/provider-aws/lib/sesv2-configuration-set';
import { Sesv2ConfigurationSetEventDestination } from '@cdktf/provider-aws/lib/sesv2-configuration-set-event-destination';
import { Sesv2EmailIdentity } from '@cdktf/provider-aws/lib/sesv2-email-identity';
import { Construct } from 'constructs';
import type { Config } from '../config/config.ts';
import { allow, type Statement } from '../functions/role.ts';

export interface MailProps {
  readonly config: Config;
  readonly accountId: string;
}

/**
 * The mail to customers: who it comes from, and what becomes of it. Addresses that bounced or complained are left out by
 * SES itself, and each such message is told to the account's default bus, the only one that SES writes to.
 */
export class Mail extends Construct {
  readonly from: string;
  readonly configurationSet: string;
  readonly send: Statement;

  constructor(scope: Construct, id: string, { config, accountId }: MailProps) {
    super(scope, id);
    const sender = new Sesv2EmailIdentity(this, 'sender', { emailIdentity: config.shop.mailFrom });
    const set = new Sesv2ConfigurationSet(this, 'set', {
      configurationSetName: config.prefix,
      reputationOptions: { reputationMetricsEnabled: true },
      sendingOptions: { sendingEnabled: true },
      suppressionOptions: { suppressedReasons: ['BOUNCE', 'COMPLAINT'] },
    });
    new Sesv2ConfigurationSetEventDestination(this, 'returns', {
      configurationSetName: set.configurationSetName,
      eventDestinationName: `${config.prefix}-returns`,
      eventDestination: {
        enabled: true,
        matchingEventTypes: ['BOUNCE', 'COMPLAINT'],
        eventBridgeDestination: {
          eventBusArn: `arn:aws:events:${config.region}:${accountId}:event-bus/default`,
        },
      },
    });
    this.from = sender.emailIdentity;
    this.configurationSet = set.configurationSetName;
    this.send = allow(['ses:SendEmail'], [sender.arn, set.arn]);
  }
}
