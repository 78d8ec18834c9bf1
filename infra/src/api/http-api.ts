import {
  Apigatewayv2Api,
  type Apigatewayv2ApiCorsConfiguration,
} from '@cdktf/provider-aws/lib/apigatewayv2-api';
import { Apigatewayv2Authorizer } from '@cdktf/provider-aws/lib/apigatewayv2-authorizer';
import { Apigatewayv2Integration } from '@cdktf/provider-aws/lib/apigatewayv2-integration';
import { Apigatewayv2Route } from '@cdktf/provider-aws/lib/apigatewayv2-route';
import {
  Apigatewayv2Stage,
  type Apigatewayv2StageRouteSettings,
} from '@cdktf/provider-aws/lib/apigatewayv2-stage';
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission';
import { Construct } from 'constructs';
import type { Config } from '../config/config.ts';
import type { AppFunction } from '../functions/functions.ts';

/** Routes of an API by a short name: their method and path. */
export type Routes = Readonly<Record<string, string>>;

/** Requests a second that are let through, and how many at once above that. */
export interface Throttle {
  readonly rate: number;
  readonly burst: number;
}

/** A function behind an API, and the routes that it answers. */
export interface Backend {
  readonly app: AppFunction;
  /** Routes that ask for a token, or for an IAM signature where no issuer is configured. */
  readonly routes: Routes;
  /** Routes that anybody may call. */
  readonly publicRoutes?: Routes;
}

export interface HttpApiProps {
  readonly config: Config;
  /** Ends its names: `orderstream-dev-customers`. */
  readonly name: string;
  /** The functions behind it. */
  readonly backends: readonly Backend[];
  readonly throttle: Throttle;
  /** Own limits of routes, by their short names. */
  readonly routeThrottles?: Readonly<Record<string, Throttle>>;
  /** The pages that may call it from a browser. */
  readonly corsOrigins?: readonly string[];
}

/** One line a request, without anything the caller said. */
const ACCESS_LOG = {
  requestId: '$context.requestId',
  requestTime: '$context.requestTimeEpoch',
  route: '$context.routeKey',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  integrationError: '$context.integrationErrorMessage',
};

/** What a page may send besides the few headers that need no leave. */
const CORS_HEADERS = ['authorization', 'content-type', 'idempotency-key'];
/** For so long a browser need not ask again, in seconds. */
const CORS_MAX_AGE = 600;

/** An HTTP API in front of functions: only the named routes, throttled, logged. */
export class HttpApi extends Construct {
  readonly id: string;
  readonly url: string;
  readonly #props: HttpApiProps;
  readonly #name: string;

  constructor(scope: Construct, id: string, props: HttpApiProps) {
    super(scope, id);
    this.#props = props;
    const { config, name, backends, throttle, routeThrottles = {}, corsOrigins = [] } = props;
    this.#name = `${config.prefix}-${name}`;
    const api = new Apigatewayv2Api(this, 'api', {
      name: this.#name,
      protocolType: 'HTTP',
      ...(corsOrigins.length > 0 && { corsConfiguration: cors(corsOrigins, backends) }),
    });
    this.id = api.id;
    this.url = api.apiEndpoint;
    const authorization = this.#authorization(api.id);
    const limited: Apigatewayv2Route[] = [];
    const routeSettings: Apigatewayv2StageRouteSettings[] = [];
    for (const { app, routes, publicRoutes = {} } of backends) {
      const target = `integrations/${this.#integration(api, app).id}`;
      const add = (added: Routes, asks: object) => {
        for (const [routeName, routeKey] of Object.entries(added)) {
          const route = new Apigatewayv2Route(this, routeName, { apiId: api.id, routeKey, target, ...asks });
          const own = routeThrottles[routeName];
          if (own === undefined) continue;
          limited.push(route);
          routeSettings.push({ routeKey, ...throttling(own) });
        }
      };
      add(routes, authorization);
      add(publicRoutes, { authorizationType: 'NONE' });
    }
    const accessLogs = new CloudwatchLogGroup(this, 'access-logs', {
      name: `/aws/vendedlogs/apigateway/${this.#name}`,
      retentionInDays: config.logRetentionDays,
    });
    new Apigatewayv2Stage(this, 'stage', {
      apiId: api.id,
      name: '$default',
      autoDeploy: true,
      defaultRouteSettings: throttling(throttle),
      // A stage is refused that names a route which is not there yet.
      ...(limited.length === 0 ? {} : { routeSettings, dependsOn: limited }),
      accessLogSettings: { destinationArn: accessLogs.arn, format: JSON.stringify(ACCESS_LOG) },
    });
  }

  /** What brings an app the requests of its routes, and lets nobody else call it. */
  #integration(api: Apigatewayv2Api, app: AppFunction): Apigatewayv2Integration {
    new LambdaPermission(this, `${app.app}-permission`, {
      functionName: app.name,
      qualifier: app.alias,
      action: 'lambda:InvokeFunction',
      principal: 'apigateway.amazonaws.com',
      sourceArn: `${api.executionArn}/*/*`,
    });
    return new Apigatewayv2Integration(this, `${app.app}-integration`, {
      apiId: api.id,
      integrationType: 'AWS_PROXY',
      integrationUri: app.invokeArn,
      payloadFormatVersion: '2.0',
    });
  }

  #authorization(apiId: string) {
    const { tokens } = this.#props.config;
    if (tokens === undefined) return { authorizationType: 'AWS_IAM' };
    const authorizer = new Apigatewayv2Authorizer(this, 'authorizer', {
      apiId,
      name: this.#name,
      authorizerType: 'JWT',
      identitySources: ['$request.header.Authorization'],
      jwtConfiguration: { issuer: tokens.issuer, audience: [tokens.audience] },
    });
    return { authorizationType: 'JWT', authorizerId: authorizer.id };
  }
}

/** Exact origins, the routes' own methods, no cookies. */
function cors(origins: readonly string[], backends: readonly Backend[]): Apigatewayv2ApiCorsConfiguration {
  const keys = backends.flatMap(({ routes, publicRoutes = {} }) => [
    ...Object.values(routes),
    ...Object.values(publicRoutes),
  ]);
  return {
    allowOrigins: [...origins],
    allowMethods: [...new Set(keys.map((key) => key.slice(0, key.indexOf(' '))))].sort(),
    allowHeaders: CORS_HEADERS,
    exposeHeaders: ['location'],
    maxAge: CORS_MAX_AGE,
  };
}

function throttling({ rate, burst }: Throttle) {
  return { throttlingRateLimit: rate, throttlingBurstLimit: burst };
}
