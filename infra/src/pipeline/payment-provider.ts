import { SecretsmanagerSecret } from '@cdktf/provider-aws/lib/secretsmanager-secret';
import type { Construct } from 'constructs';
import type { Config } from '../config/config.ts';
import { allow, type Statement } from '../functions/role.ts';

/** What process-payment needs for its provider, besides the ledger table, which each has its own use for. */
export interface PaymentProvider {
  /** Which file of its package it runs. */
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly statements: readonly Statement[];
}

/**
 * The payment provider of the configuration. Stripe's key is a secret of which only the frame is made here: the value
 * would stand in Terraform's state. A person puts it in: docs/operating/payments.md.
 */
export function paymentProvider(scope: Construct, config: Config): PaymentProvider {
  const PAYMENT_GATEWAY = config.paymentGateway;
  if (PAYMENT_GATEWAY === 'sandbox') {
    return { handler: 'index.handler', environment: { PAYMENT_GATEWAY }, statements: [] };
  }
  const { arn } = new SecretsmanagerSecret(scope, 'stripe-key', {
    name: `${config.prefix}-stripe-key`,
    description: 'Secret or restricted key of the Stripe account that orders are paid through.',
    recoveryWindowInDays: config.environment === 'prod' ? 30 : 7,
  });
  return {
    handler: 'stripe.handler',
    environment: { PAYMENT_GATEWAY, PAYMENT_SECRET_ARN: arn },
    statements: [allow(['secretsmanager:GetSecretValue'], [arn])],
  };
}
