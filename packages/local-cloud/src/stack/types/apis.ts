import * as z from 'zod';
import { args, block, inert, refused, text, whole } from '../arguments.ts';
import { arn, functionReference, shortId } from '../arns.ts';
import type { Draft } from '../draft.ts';
import type { HttpApi, Route } from '../model.ts';
import { resourceType } from '../resource-type.ts';
import { requireFunction } from '../require.ts';

const PLAIN = 'it is for people';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] as const;
const NO_WILDCARD = 'wildcards are not run here';
const ORIGIN = z
  .string()
  .regex(/^https?:\/\/[^*/]+$/, { error: `must be like https://example.com: ${NO_WILDCARD}` });
const HEADER = z.string().regex(/^[^*]+$/, { error: `must be a header's name: ${NO_WILDCARD}` });

const cors = block({
  allow_origins: z.array(ORIGIN).default([]),
  allow_methods: z.array(z.enum(METHODS, { error: `must be a method: ${NO_WILDCARD}` })).default([]),
  allow_headers: z.array(HEADER).default([]),
  expose_headers: z.array(HEADER).default([]),
  max_age: whole(-1, 86_400).optional(),
  allow_credentials: refused('Send a token instead of cookies'),
});

const api = resourceType({
  type: 'aws_apigatewayv2_api',
  schema: args({
    name: text,
    protocol_type: z.literal('HTTP', { error: 'must be HTTP: WebSocket APIs are not run here' }),
    description: inert(PLAIN),
    cors_configuration: cors,
    disable_execute_api_endpoint: inert('an API has one address here'),
  }),
  attributes(_args, place, address) {
    const id = shortId(address);
    return {
      id,
      arn: `arn:aws:apigateway:${place.region}::/apis/${id}`,
      execution_arn: arn('execute-api', id, place),
      api_endpoint: place.apiUrl(id),
    };
  },
  contribute({ args, attributes }, draft) {
    const given = args.cors_configuration;
    draft.apis.push({
      id: attributes.id,
      name: args.name,
      cors: given && {
        origins: given.allow_origins,
        methods: given.allow_methods,
        headers: given.allow_headers,
        exposed: given.expose_headers,
        maxAge: given.max_age,
      },
    });
  },
});

const stage = resourceType({
  type: 'aws_apigatewayv2_stage',
  schema: args({
    api_id: text,
    name: z.literal('$default', { error: 'must be $default: other stages are not run here' }),
    auto_deploy: z.literal(true, { error: 'must be true: routes are served as they are in the stack' }),
    description: inert(PLAIN),
    access_log_settings: inert('requests are read from the journal'),
    default_route_settings: inert('requests are not throttled here'),
    route_settings: inert('requests are not throttled here'),
  }),
  attributes: ({ api_id, name }, place) => ({
    id: name,
    arn: `arn:aws:apigateway:${place.region}::/apis/${api_id}/stages/${name}`,
    execution_arn: arn('execute-api', `${api_id}/${name}`, place),
    invoke_url: `${place.apiUrl(api_id)}/`,
  }),
  contribute: ({ address, args }, draft) => draft.stages.push({ address, apiId: args.api_id }),
});

const integration = resourceType({
  type: 'aws_apigatewayv2_integration',
  schema: args({
    api_id: text,
    integration_type: z.literal('AWS_PROXY', { error: 'must be AWS_PROXY: routes go to functions here' }),
    integration_uri: text,
    payload_format_version: z.literal('2.0', { error: 'must be 2.0' }),
    integration_method: inert('functions are invoked, whatever the method'),
    timeout_milliseconds: inert("a function's own timeout ends the request"),
    description: inert(PLAIN),
  }),
  attributes: (_args, _place, address) => ({ id: shortId(address) }),
  contribute: ({ address, args, attributes }, draft) =>
    draft.integrations.push({
      address,
      id: attributes.id,
      ...functionReference(args.integration_uri),
    }),
});

const authorizer = resourceType({
  type: 'aws_apigatewayv2_authorizer',
  schema: args({
    api_id: text,
    name: text,
    authorizer_type: z.literal('JWT', { error: 'must be JWT: function authorizers are not run here' }),
    identity_sources: z
      .tuple([z.literal('$request.header.Authorization')], {
        error: 'must be [$request.header.Authorization]',
      })
      .optional(),
    jwt_configuration: block({ issuer: text, audience: z.array(text).min(1) }),
  }).refine(({ jwt_configuration }) => jwt_configuration !== undefined, {
    path: ['jwt_configuration'],
    error: 'must be set',
  }),
  attributes: (_args, _place, address) => ({ id: shortId(address) }),
  contribute({ address, args, attributes }, draft) {
    const jwt = args.jwt_configuration;
    if (jwt) draft.authorizers.push({ address, apiId: args.api_id, id: attributes.id, ...jwt });
  },
});

const route = resourceType({
  type: 'aws_apigatewayv2_route',
  schema: args({
    api_id: text,
    route_key: z.string().regex(/^(\$default|(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|ANY) \/\S*)$/, {
      error: 'must be $default or a method and a path (GET /orders/{orderId})',
    }),
    target: text,
    authorization_type: z
      .enum(['NONE', 'JWT', 'AWS_IAM'], { error: 'must be NONE, JWT or AWS_IAM' })
      .default('NONE'),
    authorizer_id: text.optional(),
    authorization_scopes: z.array(text).default([]),
    operation_name: inert(PLAIN),
    api_key_required: refused('Remove it: HTTP APIs have no keys'),
  }),
  attributes: (_args, _place, address) => ({ id: shortId(address) }),
  contribute({ address, args }, draft) {
    draft.routes.push({
      address,
      apiId: args.api_id,
      key: args.route_key,
      target: args.target,
      authorization: args.authorization_type,
      authorizerId: args.authorizer_id,
      scopes: args.authorization_scopes,
    });
  },
});

export const apiTypes = [api, stage, integration, authorizer, route];

/** Routes that would answer a browser's question before a call. */
const TAKES_OPTIONS = /^(\$default$|ANY |OPTIONS )/;

/** APIs with their routes and authorizers. */
export function linkApis(draft: Draft, problems: string[]): readonly HttpApi[] {
  const apiIds = new Set(draft.apis.map(({ id }) => id));
  for (const { address, apiId } of [...draft.stages, ...draft.authorizers, ...draft.routes]) {
    if (!apiIds.has(apiId)) problems.push(`${address}: API "${apiId}" is not in this stack`);
  }
  const routes = draft.routes.map((route) => ({
    apiId: route.apiId,
    route: linkRoute(route, draft, problems),
  }));
  return draft.apis.map(({ id, name, cors }, place) => {
    if (draft.apis.findIndex((other) => other.name === name) < place) {
      problems.push(`there are two APIs named "${name}": addresses are told by name here. Rename one`);
    }
    if (!draft.stages.some(({ apiId }) => apiId === id)) {
      problems.push(`the API "${name}" has no stage: add an aws_apigatewayv2_stage named $default`);
    }
    const takesOptions = routes.find(({ apiId, route }) => apiId === id && TAKES_OPTIONS.test(route.key));
    if (cors && takesOptions) {
      problems.push(
        `the API "${name}" has a "cors_configuration" and the route "${takesOptions.route.key}", which both answer OPTIONS. Name the methods of the route`,
      );
    }
    return {
      id,
      name,
      cors,
      routes: routes.filter(({ apiId }) => apiId === id).map(({ route }) => route),
      authorizers: draft.authorizers
        .filter(({ apiId }) => apiId === id)
        .map(({ id, issuer, audience }) => ({ id, issuer, audience })),
    };
  });
}

function linkRoute(route: Draft['routes'][number], draft: Draft, problems: string[]): Route {
  const { address, key, target, authorization, authorizerId, scopes } = route;
  const integration = draft.integrations.find(({ id }) => target === `integrations/${id}`);
  const { functionName = '', qualifier } = integration ?? {};
  if (!integration) problems.push(`${address}: "target" ${target} is no integration of this stack`);
  else requireFunction(draft, integration, problems);
  const authorizer = draft.authorizers.find(({ id, apiId }) => id === authorizerId && apiId === route.apiId);
  if (authorization === 'JWT' && !authorizer) {
    problems.push(`${address}: "authorizer_id" must name a JWT authorizer of the same API`);
  }
  return {
    key,
    functionName,
    ...(qualifier !== undefined && { qualifier }),
    authorization,
    ...(authorizer && { authorizerId: authorizer.id }),
    scopes,
  };
}
