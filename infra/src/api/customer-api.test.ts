import { apiOf, callersOf, DEV, resourcesOf, resourceWith, synthesize } from '../testing/synthesized.ts';

const ROUTES = [
  'GET /orders',
  'GET /orders/{orderId}',
  'POST /activity/me',
  'POST /orders',
  'POST /orders/{orderId}/cancel',
];
const PUBLIC_ROUTES = ['GET /products', 'GET /products/{sku}', 'POST /activity'];

describe("the customers' API", () => {
  const stack = synthesize({ ...DEV, ORDERSTREAM_ISSUER: 'https://login.example.com' });
  const api = apiOf(stack, 'orderstream-dev-customers');

  it('asks on every route of a customer for a token of the issuer', () => {
    const [authorizerId, authorizer] = api.authorizer;

    expect(authorizer).toMatchObject({
      name: 'orderstream-dev-customers',
      authorizer_type: 'JWT',
      identity_sources: ['$request.header.Authorization'],
      jwt_configuration: { issuer: 'https://login.example.com', audience: ['orderstream'] },
    });
    expect(api.routesWith('JWT')).toEqual(ROUTES);
    for (const route of api.routes.filter((one) => one['authorization_type'] === 'JWT')) {
      expect(route).toMatchObject({ authorizer_id: `\${aws_apigatewayv2_authorizer.${authorizerId}.id}` });
    }
  });

  it('shows products and takes activity without one, and nothing else', () => {
    expect(api.routesWith('NONE')).toEqual(PUBLIC_ROUTES);
    expect(api.routes).toHaveLength(ROUTES.length + PUBLIC_ROUTES.length);
    for (const route of api.routes.filter((one) => one['authorization_type'] === 'NONE')) {
      expect(route).not.toHaveProperty('authorizer_id');
    }
  });

  it('asks for an IAM signature instead where no issuer is configured', () => {
    const withoutIssuer = synthesize(DEV);
    const signed = apiOf(withoutIssuer, 'orderstream-dev-customers');

    expect(resourcesOf(withoutIssuer, 'aws_apigatewayv2_authorizer')).toEqual({});
    expect(signed.routesWith('AWS_IAM')).toEqual(ROUTES);
    expect(signed.routesWith('NONE')).toEqual(PUBLIC_ROUTES);
  });

  it('may call its function, and nobody else may', () => {
    expect(callersOf(stack, 'orderstream-dev-order-api')).toEqual([
      {
        principal: 'apigateway.amazonaws.com',
        source_arn: `\${aws_apigatewayv2_api.${api.id}.execution_arn}/*/*`,
      },
    ]);
  });

  it('lets little through of what anybody may write', () => {
    const [activity] = Object.entries(resourcesOf(stack, 'aws_apigatewayv2_route')).filter(
      ([, route]) => route['route_key'] === 'POST /activity',
    );

    expect(api.stage).toMatchObject({
      route_settings: [
        { route_key: 'POST /activity', throttling_rate_limit: 50, throttling_burst_limit: 100 },
      ],
      depends_on: [`aws_apigatewayv2_route.${activity?.[0]}`],
    });
  });

  it('is closed to pages of other origins unless some are named', () => {
    const bare = resourceWith(stack, 'aws_apigatewayv2_api', 'name', 'orderstream-dev-customers');

    expect(bare.arguments).not.toHaveProperty('cors_configuration');
  });

  it('lets the pages call it that are named, with its own methods and headers and without cookies', () => {
    const open = synthesize({
      ...DEV,
      ORDERSTREAM_CORS_ORIGINS: 'https://shop.example.com,https://www.example.com',
    });

    expect(
      resourceWith(open, 'aws_apigatewayv2_api', 'name', 'orderstream-dev-customers').arguments,
    ).toMatchObject({
      cors_configuration: {
        allow_origins: ['https://shop.example.com', 'https://www.example.com'],
        allow_methods: ['GET', 'POST'],
        allow_headers: ['authorization', 'content-type', 'idempotency-key'],
        expose_headers: ['location'],
        max_age: 600,
      },
    });
    expect(
      resourceWith(open, 'aws_apigatewayv2_api', 'name', 'orderstream-dev-staff').arguments,
    ).not.toHaveProperty('cors_configuration');
  });

  it('is throttled and logs each request without its content', () => {
    expect(api.stage).toMatchObject({
      name: '$default',
      auto_deploy: true,
      default_route_settings: { throttling_rate_limit: 500, throttling_burst_limit: 1000 },
    });
    expect(JSON.stringify(api.stage['access_log_settings'])).not.toMatch(
      /identity|authorizer|path|querystring/i,
    );
  });
});
