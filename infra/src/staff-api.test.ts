import { apiOf, callersOf, DEV, resourcesOf, synthesize } from './testing/synthesized.ts';

const ROUTES = [
  'DELETE /products/{sku}',
  'GET /activity',
  'GET /funnel',
  'GET /orders',
  'GET /sales',
  'POST /products/{sku}/receipts',
  'PUT /products/{sku}',
];

describe('the API of the staff', () => {
  const stack = synthesize({ ...DEV, ORDERSTREAM_ISSUER: 'https://login.example.com' });
  const api = apiOf(stack, 'orderstream-dev-staff');

  it('has no public route', () => {
    expect(api.routesWith('JWT')).toEqual(ROUTES);
    expect(api.routes).toHaveLength(ROUTES.length);
    for (const route of api.routes) {
      expect(route).toMatchObject({
        authorizer_id: `\${aws_apigatewayv2_authorizer.${api.authorizer[0]}.id}`,
      });
    }
  });

  it('has an authorizer of its own', () => {
    expect(api.authorizer[1]).toMatchObject({
      name: 'orderstream-dev-staff',
      jwt_configuration: { issuer: 'https://login.example.com', audience: ['orderstream'] },
    });
  });

  it('asks for an IAM signature where no issuer is configured', () => {
    expect(apiOf(synthesize(DEV), 'orderstream-dev-staff').routesWith('AWS_IAM')).toEqual(ROUTES);
  });

  it('may call its function, and nobody else may', () => {
    expect(callersOf(stack, 'orderstream-dev-ops-api')).toEqual([
      {
        principal: 'apigateway.amazonaws.com',
        source_arn: `\${aws_apigatewayv2_api.${api.id}.execution_arn}/*/*`,
      },
    ]);
  });

  it("comes after the customers' API, so that each has its port in the local cloud", () => {
    const names = Object.values(resourcesOf(stack, 'aws_apigatewayv2_api')).map((one) => one['name']);

    expect(names).toEqual(['orderstream-dev-customers', 'orderstream-dev-staff']);
  });
});
