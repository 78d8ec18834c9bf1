import { PROD, liveOf, resourcesOf, synthesize, type Synthesized } from '../testing/synthesized.ts';

/** The stack as its functions are called: from queues and directly, on routes, and by everything that is on. */
const VARIANTS: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['in the local cloud', {}],
  ['without queues', { ORDERSTREAM_DELIVERY: 'direct' }],
  ['in the free tier', { ORDERSTREAM_PRESET: 'free-tier' }],
  ['in prod', PROD],
];

/** Where a function is named as such, and nothing is called by it: its alias, and what it is watched by. */
const MAY_NAME =
  /^aws_(lambda_alias|cloudwatch_(metric_alarm|dashboard|query_definition|log_metric_filter)|budgets_budget)\./;
/** Lambda takes the name of the function and that of the alias apart. */
const TAKE_BOTH = /^aws_lambda_(permission|function_event_invoke_config)\.[^.]+\.function_name$/;

/** Every text of a document by where it stands: `aws_lambda_alias.x.name`. */
function* textsOf(value: unknown, place: readonly string[] = []): Generator<readonly [string, string]> {
  if (typeof value === 'string') yield [place.join('.'), value];
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) yield* textsOf(inner, [...place, name]);
}

/** What names a function where its alias should stand. */
function pastTheAlias(stack: Pick<Synthesized, 'document'>): string[] {
  const { resource, output } = stack.document;
  const aliasOf = new Map(
    Object.entries(resource['aws_lambda_alias'] ?? {}).map(([id, { function_name }]) => [
      function_name,
      `\${aws_lambda_alias.${id}.name}`,
    ]),
  );
  const hasQualifier = (place: string, name: string) => {
    const [type = '', id = ''] = place.split('.');
    return resource[type]?.[id]?.['qualifier'] === aliasOf.get(name);
  };
  return [...textsOf(resource), ...textsOf({ output })].flatMap(([place, text]) => {
    const references = [...text.matchAll(/\$\{aws_lambda_function\.[^}]+\}/g)].map(([found]) => found);
    const written = [...text.matchAll(/:function:[\w-]+(?![\w-]*:)/g)].map(([found]) => found);
    const named = [...references, ...(text.includes('lambda:SourceFunctionArn') ? [] : written)];
    return named
      .filter((name) => !MAY_NAME.test(place) && !(TAKE_BOTH.test(place) && hasQualifier(place, name)))
      .map((name) => `${place}: ${name}`);
  });
}

describe.each(VARIANTS)('the functions %s', (_, variables) => {
  const stack = synthesize(variables);
  const functions = Object.entries(resourcesOf(stack, 'aws_lambda_function'));

  it('publish a version each, to which one alias points', () => {
    for (const [id, { publish, function_name }] of functions) {
      expect(publish).toBe(true);
      const alias = /^\$\{aws_lambda_alias\.([^.]+)\./.exec(
        liveOf(stack, String(function_name), 'name'),
      )?.[1];
      expect(resourcesOf(stack, 'aws_lambda_alias')[alias ?? '']).toMatchObject({
        name: 'live',
        function_name: `\${aws_lambda_function.${id}.function_name}`,
        function_version: `\${aws_lambda_function.${id}.version}`,
      });
    }
    expect(Object.keys(resourcesOf(stack, 'aws_lambda_alias'))).toHaveLength(functions.length);
  });

  it('are called by their aliases and in no other way', () => {
    expect(pastTheAlias(stack)).toEqual([]);
  });
});

describe('a call past the alias is found', () => {
  const { document } = synthesize({ ORDERSTREAM_DELIVERY: 'direct' });

  it.each([
    ['aws_lambda_event_source_mapping', 'function_name', 'arn'],
    ['aws_apigatewayv2_integration', 'integration_uri', 'invoke_arn'],
    ['aws_cloudwatch_event_target', 'arn', 'arn'],
    ['aws_lambda_permission', 'qualifier', 'version'],
    ['aws_lambda_function_event_invoke_config', 'qualifier', 'version'],
    ['aws_sfn_state_machine', 'definition', 'arn'],
    ['aws_iam_role_policy', 'policy', 'qualified_arn'],
  ])('in %s.%s', (type, argument, attribute) => {
    const [id = ''] = Object.keys(document.resource['aws_lambda_function'] ?? {});
    const [first = ''] = Object.keys(document.resource[type] ?? {});
    const changed = structuredClone(document.resource) as Record<
      string,
      Record<string, Record<string, unknown>>
    >;
    changed[type]![first]![argument] = `\${aws_lambda_function.${id}.${attribute}}`;

    expect(pastTheAlias({ document: { ...document, resource: changed } })).not.toEqual([]);
  });

  it('where an ARN is written out', () => {
    const target = { it: { arn: 'arn:aws:lambda:eu-west-1:1:function:orderstream-prod-track-sales' } };

    expect(
      pastTheAlias({ document: { ...document, resource: { aws_cloudwatch_event_target: target } } }),
    ).toEqual(['aws_cloudwatch_event_target.it.arn: :function:orderstream-prod-track-sales']);
  });
});
