import { Apigatewayv2Api } from '@cdktf/provider-aws/lib/apigatewayv2-api';
import { Apigatewayv2Authorizer } from '@cdktf/provider-aws/lib/apigatewayv2-authorizer';
import { Apigatewayv2Integration } from '@cdktf/provider-aws/lib/apigatewayv2-integration';
import { Apigatewayv2Route } from '@cdktf/provider-aws/lib/apigatewayv2-route';
import { Apigatewayv2Stage } from '@cdktf/provider-aws/lib/apigatewayv2-stage';
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission';
import { Construct } from 'constructs';
import type { Config } from './config.ts';
import { AppFunction, type PackageOf } from './functions.ts';
import { allow } from './role.ts';
import type { Tables } from './tables.ts';

export interface CustomerApiProps {
  readonly config: Config;
  readonly packageOf: PackageOf;
  readonly tables: Tables;
}

const ROUTES = {
  place: 'POST /orders',
  list: 'GET /orders',
  get: 'GET /orders/{orderId}',
  cancel: 'POST /orders/{orderId}/cancel',
} as const;

/** One line a request, without anything a customer said. */
const ACCESS_LOG = {
  requestId: '$context.requestId',
  requestTime: '$context.requestTimeEpoch',
  route: '$context.routeKey',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  integrationError: '$context.integrationErrorMessage',
};

/** What customers call: an HTTP API in front of order-api. Every route needs a token, or an IAM signature where no issuer is configured. */
export class CustomerApi extends Construct {
  readonly url: string;

  constructor(scope: Construct, id: string, { config, packageOf, tables }: CustomerApiProps) {
    super(scope, id);
    const { orders, products } = tables;
    const orderApi = new AppFunction(this, {
      config,
      packageOf,
      app: 'order-api',
      timeoutSeconds: 10,
      memoryMb: 512,
      environment: {
        ORDERS_TABLE: orders.name,
        PRODUCTS_TABLE: products.name,
        CURRENCY: config.currency,
      },
      statements: [
        allow(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'], [orders.arn]),
        allow(['dynamodb:Query'], [orders.indexArn('byCustomer')]),
        allow(['dynamodb:BatchGetItem'], [products.arn]),
      ],
    });
    const api = new Apigatewayv2Api(this, 'api', {
      name: `${config.prefix}-customers`,
      protocolType: 'HTTP',
    });
    this.url = api.apiEndpoint;
    const integration = new Apigatewayv2Integration(this, 'integration', {
      apiId: api.id,
      integrationType: 'AWS_PROXY',
      integrationUri: orderApi.invokeArn,
      payloadFormatVersion: '2.0',
    });
    new LambdaPermission(this, 'permission', {
      functionName: orderApi.name,
      action: 'lambda:InvokeFunction',
      principal: 'apigateway.amazonaws.com',
      sourceArn: `${api.executionArn}/*/*`,
    });
    const authorization = this.#authorization(config, api.id);
    for (const [name, routeKey] of Object.entries(ROUTES)) {
      new Apigatewayv2Route(this, name, {
        apiId: api.id,
        routeKey,
        target: `integrations/${integration.id}`,
        ...authorization,
      });
    }
    const accessLogs = new CloudwatchLogGroup(this, 'access-logs', {
      name: `/aws/vendedlogs/apigateway/${config.prefix}-customers`,
      retentionInDays: config.logRetentionDays,
    });
    new Apigatewayv2Stage(this, 'stage', {
      apiId: api.id,
      name: '$default',
      autoDeploy: true,
      defaultRouteSettings: { throttlingRateLimit: 500, throttlingBurstLimit: 1000 },
      accessLogSettings: { destinationArn: accessLogs.arn, format: JSON.stringify(ACCESS_LOG) },
    });
  }

  #authorization(config: Config, apiId: string) {
    if (config.tokens === undefined) return { authorizationType: 'AWS_IAM' };
    const { issuer, audience } = config.tokens;
    const authorizer = new Apigatewayv2Authorizer(this, 'authorizer', {
      apiId,
      name: `${config.prefix}-customers`,
      authorizerType: 'JWT',
      identitySources: ['$request.header.Authorization'],
      jwtConfiguration: { issuer, audience: [audience] },
    });
    return { authorizationType: 'JWT', authorizerId: authorizer.id };
  }
}
