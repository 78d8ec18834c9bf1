import { resourcesOf, resourceWith, synthesize, type Synthesized } from './testing/synthesized.ts';

const ROUTES = ['GET /orders', 'GET /orders/{orderId}', 'POST /orders', 'POST /orders/{orderId}/cancel'];

const routesOf = (stack: Synthesized) => Object.values(resourcesOf(stack, 'aws_apigatewayv2_route'));

describe("the customers' API", () => {
  const stack = synthesize({ ORDERSTREAM_ENV: 'dev', ORDERSTREAM_ISSUER: 'https://login.example.com' });
  const withoutIssuer = synthesize({ ORDERSTREAM_ENV: 'dev' });

  it('has the four routes of order-api', () => {
    expect(
      routesOf(stack)
        .map((route) => route['route_key'])
        .sort(),
    ).toEqual(ROUTES);
  });

  it('asks on every route for a token of the issuer', () => {
    const [authorizerId] = Object.keys(resourcesOf(stack, 'aws_apigatewayv2_authorizer'));

    expect(resourcesOf(stack, 'aws_apigatewayv2_authorizer')[String(authorizerId)]).toMatchObject({
      authorizer_type: 'JWT',
      identity_sources: ['$request.header.Authorization'],
      jwt_configuration: { issuer: 'https://login.example.com', audience: ['orderstream'] },
    });
    for (const route of routesOf(stack)) {
      expect(route).toMatchObject({
        authorization_type: 'JWT',
        authorizer_id: `\${aws_apigatewayv2_authorizer.${authorizerId}.id}`,
      });
    }
  });

  it('asks on every route for an IAM signature where no issuer is configured', () => {
    expect(resourcesOf(withoutIssuer, 'aws_apigatewayv2_authorizer')).toEqual({});
    expect(routesOf(withoutIssuer)).toHaveLength(ROUTES.length);
    for (const route of routesOf(withoutIssuer)) {
      expect(route).toMatchObject({ authorization_type: 'AWS_IAM' });
      expect(route).not.toHaveProperty('authorizer_id');
    }
  });

  it('may call its function, and nobody else may', () => {
    const { id } = resourceWith(stack, 'aws_lambda_function', 'function_name', 'orderstream-dev-order-api');
    const [apiId] = Object.keys(resourcesOf(stack, 'aws_apigatewayv2_api'));

    expect(Object.values(resourcesOf(stack, 'aws_lambda_permission'))).toMatchObject([
      {
        function_name: `\${aws_lambda_function.${id}.function_name}`,
        principal: 'apigateway.amazonaws.com',
        source_arn: `\${aws_apigatewayv2_api.${apiId}.execution_arn}/*/*`,
      },
    ]);
  });

  it('is throttled and logs each request without its content', () => {
    const [stage] = Object.values(resourcesOf(stack, 'aws_apigatewayv2_stage'));

    expect(stage).toMatchObject({
      name: '$default',
      auto_deploy: true,
      default_route_settings: { throttling_rate_limit: 500, throttling_burst_limit: 1000 },
    });
    expect(JSON.stringify(stage?.['access_log_settings'])).not.toMatch(
      /identity|authorizer|path|querystring/i,
    );
  });
});
