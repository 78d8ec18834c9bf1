import {
  apiOf,
  callersOf,
  DEV,
  liveOf,
  referenceTo,
  resourcesOf,
  resourceWith,
  synthesize,
} from '../testing/synthesized.ts';

const ROUTES = [
  'DELETE /products/{sku}',
  'GET /activity',
  'GET /dead-letters',
  'GET /dead-letters/{id}',
  'GET /dispatching',
  'GET /funnel',
  'GET /orders',
  'GET /sales',
  'POST /dead-letters/discard',
  'POST /dead-letters/redrive',
  'POST /products/{sku}/receipts',
  'PUT /dead-letters/{id}',
  'PUT /dispatching',
  'PUT /products/{sku}',
];

/** Paths of redrive-api. */
const REDRIVES = /dead-letters|dispatching/;

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

  it.each(['ops-api', 'redrive-api'])('may call %s, and nobody else may', (app) => {
    expect(callersOf(stack, `orderstream-dev-${app}`)).toEqual([
      {
        principal: 'apigateway.amazonaws.com',
        source_arn: `\${aws_apigatewayv2_api.${api.id}.execution_arn}/*/*`,
      },
    ]);
  });

  it.each([
    ['ops-api', (path: string) => !REDRIVES.test(path)],
    ['redrive-api', (path: string) => REDRIVES.test(path)],
  ])('brings %s its own routes', (app, isIts) => {
    const uri = liveOf(stack, `orderstream-dev-${app}`, 'invoke_arn');
    const { id } = resourceWith(stack, 'aws_apigatewayv2_integration', 'integration_uri', uri);
    const target = `integrations/\${aws_apigatewayv2_integration.${id}.id}`;
    const routes = api.routes
      .filter((route) => route['target'] === target)
      .map((route) => route['route_key']);

    expect(routes.sort()).toEqual(ROUTES.filter(isIts));
  });

  it("comes after the customers' API, so that each has its port in the local cloud", () => {
    const names = Object.values(resourcesOf(stack, 'aws_apigatewayv2_api')).map((one) => one['name']);

    expect(names).toEqual(['orderstream-dev-customers', 'orderstream-dev-staff']);
  });

  it.each([
    ['all consumers', {}, ['notify-customer', 'track-sales', 'refresh-cache', 'index-products'], 'queued'],
    [
      'those that are free',
      { ORDERSTREAM_PRESET: 'free-tier' },
      ['notify-customer', 'track-sales'],
      'direct',
    ],
  ])(
    'knows the dead letters of %s and of the sweep, and how they are delivered',
    (_, settings, apps, delivery) => {
      const one = synthesize({ ...DEV, ...settings });
      const { environment } = resourceWith(
        one,
        'aws_lambda_function',
        'function_name',
        'orderstream-dev-redrive-api',
      ).arguments;
      const { variables } = environment as { variables: Record<string, string> };
      const nameOf = (app: string) =>
        ['function_name', 'name']
          .map((attribute) => liveOf(one, `orderstream-dev-${app}`, attribute))
          .join(':');

      const queueOf = (app: string) =>
        referenceTo(one, ['aws_sqs_queue', 'name', `orderstream-dev-${app}-dead-letters`], 'url');
      const expected = [...apps.map((app) => [app, delivery] as const), ['sweep-orders', 'direct'] as const];

      expect(JSON.parse(variables['CONSUMERS'] ?? '')).toEqual(
        Object.fromEntries(
          expected.map(([app, delivered]) => [
            app,
            { function: nameOf(app), deadLetters: queueOf(app), delivery: delivered },
          ]),
        ),
      );
      expect(Object.keys(JSON.parse(variables['STREAM_READERS'] ?? ''))).toEqual([
        'stream-dispatcher',
        'archive-changes',
        'track-activity',
      ]);
      expect(Object.keys(JSON.parse(variables['DISPATCHER_MAPPINGS'] ?? ''))).toEqual([
        'orders',
        'products',
        'stock',
      ]);
      // A reference stands for a name or a URL; the longest here are those of queues.
      const size = JSON.stringify(variables).replace(/\$\{[^}]+\}/g, 'a'.repeat(100)).length;
      expect(size).toBeLessThan(4_096);
    },
  );
});
