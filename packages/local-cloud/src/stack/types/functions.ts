import { resolve } from 'node:path';
import * as z from 'zod';
import { args, block, flag, inert, refused, text, whole } from '../arguments.ts';
import { arn, functionNameIn, functionReference, invokeArn, qualified } from '../arns.ts';
import type { Draft } from '../draft.ts';
import type { AsyncSettings, FunctionConfig } from '../model.ts';
import { permissionDocument } from '../resource-policies.ts';
import { resourceType } from '../resource-type.ts';
import { requireArn, requireFunction } from '../require.ts';
import { FIRST_VERSION, LATEST } from '../versions.ts';
import { REACHES_EVERYTHING } from './network.ts';

const ZIP_ONLY = 'Give the deployment package as a zip with "filename"';

const tracing = z.object({ mode: z.literal('Active') });

/** Of a function's network, what tells which endpoints its calls pass. */
const placement = z.object({ subnet_ids: z.array(z.string()) });

const lambda = resourceType({
  type: 'aws_lambda_function',
  schema: args({
    function_name: text,
    filename: text,
    handler: text,
    runtime: z.string().regex(/^nodejs\d+\.x$/, { error: 'must be a Node.js runtime (nodejs24.x)' }),
    role: text,
    timeout: whole(1, 900).default(3),
    memory_size: whole(128, 10_240).default(128),
    environment: block({ variables: z.record(z.string(), text).default({}) }),
    reserved_concurrent_executions: whole(-1, 1_000_000).default(-1),
    logging_config: block({
      log_group: text.optional(),
      log_format: inert('logs are kept as the function writes them'),
      application_log_level: inert('logs are not filtered here'),
      system_log_level: inert('the platform writes no log lines here'),
    }),
    package_type: z.literal('Zip', { error: `must be Zip. ${ZIP_ONLY}` }).optional(),
    publish: flag.default(false),
    architectures: inert("functions run on this machine's processor"),
    description: inert('it is for people'),
    ephemeral_storage: inert("functions share this machine's temporary folder"),
    source_code_hash: inert('it tells Terraform of a change'),
    tracing_config: inert('traces are read from the journal'),
    vpc_config: inert(REACHES_EVERYTHING),
    image_uri: refused(ZIP_ONLY),
    s3_bucket: refused(ZIP_ONLY),
    s3_key: refused(ZIP_ONLY),
    layers: refused('Bundle what the function needs into its zip'),
    dead_letter_config: block({ target_arn: text }),
  }),
  attributes(lambda, place) {
    const functionArn = arn('lambda', `function:${lambda.function_name}`, place);
    const version = lambda.publish ? FIRST_VERSION : LATEST;
    return {
      id: lambda.function_name,
      arn: functionArn,
      version,
      invoke_arn: invokeArn(functionArn, place),
      qualified_arn: `${functionArn}:${version}`,
      qualified_invoke_arn: invokeArn(`${functionArn}:${version}`, place),
    };
  },
  contribute({ args: lambda, attributes, place }, draft) {
    const { data: network } = placement.safeParse(lambda.vpc_config);
    for (const subnetId of network?.subnet_ids ?? []) {
      draft.placements.push({ functionName: lambda.function_name, subnetId });
    }
    const reserved = lambda.reserved_concurrent_executions;
    draft.functions.push({
      name: lambda.function_name,
      arn: attributes.arn,
      ...(lambda.publish && { version: FIRST_VERSION }),
      roleArn: lambda.role,
      handler: lambda.handler,
      package: resolve(place.directory, lambda.filename),
      runtime: lambda.runtime,
      timeoutSeconds: lambda.timeout,
      memoryMb: lambda.memory_size,
      environment: lambda.environment?.variables ?? {},
      ...(reserved >= 0 && { reservedConcurrency: reserved }),
      ...(tracing.safeParse(lambda.tracing_config).success && { isTraced: true }),
      ...(lambda.dead_letter_config && { deadLetterArn: lambda.dead_letter_config.target_arn }),
      logGroup: lambda.logging_config?.log_group ?? `/aws/lambda/${lambda.function_name}`,
    });
  },
});

const alias = resourceType({
  type: 'aws_lambda_alias',
  schema: args({
    name: z
      .string()
      .max(128)
      .regex(/^(?!\d+$)[\w-]+$/, { error: 'must be letters, digits, - and _, and no number' }),
    function_name: text,
    function_version: text,
    description: text.optional(),
    routing_config: refused('Remove it: there is one version of a function here'),
  }),
  attributes(alias, place) {
    const aliasArn = arn('lambda', `function:${functionNameIn(alias.function_name)}:${alias.name}`, place);
    return { id: aliasArn, arn: aliasArn, invoke_arn: invokeArn(aliasArn, place) };
  },
  contribute({ args, address }, draft) {
    const { name, function_version: version, description } = args;
    const functionName = functionNameIn(args.function_name);
    // A version, and no alias: an alias of an alias there is not.
    draft.functionReferences.push({ address, functionName });
    draft.aliases.push({
      address,
      functionName,
      alias: { name, version, ...(description !== undefined && { description }) },
    });
  },
});

/** The function that a resource names, with the qualifier that stands beside the name. */
function namedFunction(args: { readonly function_name: string; readonly qualifier?: string | undefined }) {
  const { functionName, qualifier } = functionReference(args.function_name);
  return { functionName, qualifier: args.qualifier ?? qualifier };
}

const permission = resourceType({
  type: 'aws_lambda_permission',
  schema: args({
    function_name: text,
    statement_id: text.optional(),
    action: text,
    principal: text,
    source_arn: text.optional(),
    source_account: text.optional(),
    qualifier: text.optional(),
  }),
  attributes: ({ statement_id }, _place, address) => ({ id: statement_id ?? address }),
  contribute({ args: permission, address, place }, draft) {
    const named = namedFunction(permission);
    const name = qualified(named.functionName, named.qualifier);
    const functionArn = arn('lambda', `function:${name}`, place);
    draft.functionReferences.push({ address, ...named });
    draft.resourcePolicies.push({
      address,
      resourceArn: functionArn,
      document: permissionDocument({
        functionArn,
        action: permission.action,
        principal: permission.principal,
        sourceArn: permission.source_arn,
        sourceAccount: permission.source_account,
      }),
    });
  },
});

const invokeConfig = resourceType({
  type: 'aws_lambda_function_event_invoke_config',
  schema: args({
    function_name: text,
    maximum_event_age_in_seconds: whole(60, 21_600).optional(),
    maximum_retry_attempts: whole(0, 2).optional(),
    destination_config: block({
      on_failure: block({ destination: text }),
      on_success: block({ destination: text }),
    }),
    qualifier: text.optional(),
  }),
  attributes: ({ function_name, qualifier }) => ({ id: qualified(function_name, qualifier) }),
  contribute({ args, address }, draft) {
    const { on_failure, on_success } = args.destination_config ?? {};
    draft.asyncSettings.push({
      address,
      ...namedFunction(args),
      settings: {
        ...(on_failure && { onFailureDestination: on_failure.destination }),
        ...(on_success && { onSuccessDestination: on_success.destination }),
        ...(args.maximum_retry_attempts !== undefined && {
          maximumRetryAttempts: args.maximum_retry_attempts,
        }),
        ...(args.maximum_event_age_in_seconds !== undefined && {
          maximumEventAgeSeconds: args.maximum_event_age_in_seconds,
        }),
      },
    });
  },
});

export const functionTypes = [lambda, alias, permission, invokeConfig];

/** Where the result of an asynchronous invocation may go; that of a failed one may go to a bucket, too. */
const DESTINATIONS = ['queues', 'topics', 'functions', 'buses'] as const;
const NO_FIFO = 'is a FIFO queue or topic. Give a standard one';

/** The functions with their asynchronous settings; everything that names a function must name one of them. */
export function linkFunctions(draft: Draft, problems: string[]): readonly FunctionConfig[] {
  const settings = new Map<string, AsyncSettings>();
  checkAliases(draft, problems);
  for (const reference of [...draft.functionReferences, ...draft.asyncSettings]) {
    requireFunction(draft, reference, problems);
  }
  for (const { address, functionName, qualifier, settings: given } of draft.asyncSettings) {
    const failure = { address, argument: 'destination_config.on_failure', arn: given.onFailureDestination };
    requireArn(draft, [...DESTINATIONS, 'buckets'], failure, problems);
    const success = { address, argument: 'destination_config.on_success', arn: given.onSuccessDestination };
    requireArn(draft, DESTINATIONS, success, problems);
    for (const { argument, arn } of [failure, success]) {
      if (arn?.endsWith('.fifo')) problems.push(`${address}: argument "${argument}" ${NO_FIFO}`);
    }
    // Calls without a qualifier are those of the latest version.
    const name = qualified(functionName, qualifier === LATEST ? undefined : qualifier);
    if (settings.has(name)) {
      problems.push(`${address}: "${name}" already has asynchronous settings. Keep one of them`);
    }
    settings.set(name, given);
  }
  for (const { name, deadLetterArn } of draft.functions) {
    const deadLetters = { address: `function "${name}"`, argument: 'dead_letter_config', arn: deadLetterArn };
    requireArn(draft, ['queues', 'topics'], deadLetters, problems);
    if (deadLetterArn?.endsWith('.fifo'))
      problems.push(`function "${name}": argument "dead_letter_config" ${NO_FIFO}`);
  }
  return draft.functions.map((lambda) => {
    const vpcId = networkOf(lambda.name, draft);
    const aliases = draft.aliases
      .filter(({ functionName }) => functionName === lambda.name)
      .map(({ alias }) => alias);
    const ofQualifiers = [...settings].flatMap(([name, given]) => {
      const { functionName, qualifier } = functionReference(name);
      return functionName === lambda.name && qualifier !== undefined ? [[qualifier, given] as const] : [];
    });
    return {
      ...lambda,
      ...settings.get(lambda.name),
      ...(vpcId !== undefined && { vpcId }),
      ...(aliases.length > 0 && { aliases }),
      ...(ofQualifiers.length > 0 && { qualifiedSettings: Object.fromEntries(ofQualifiers) }),
    };
  });
}

/** An alias has a name of its own and points to a version that there is. */
function checkAliases({ functions, aliases }: Draft, problems: string[]): void {
  for (const [place, { address, functionName, alias }] of aliases.entries()) {
    const lambda = functions.find(({ name }) => name === functionName);
    const versions = [LATEST, ...(lambda?.version === undefined ? [] : [lambda.version])];
    if (lambda !== undefined && !versions.includes(alias.version)) {
      problems.push(
        `${address}: argument "function_version" is "${alias.version}": "${functionName}" has ${versions.join(' and ')} here. Refer to its "version"`,
      );
    }
    const first = aliases.findIndex(
      (other) => other.functionName === functionName && other.alias.name === alias.name,
    );
    if (first < place) {
      problems.push(`${address}: "${functionName}" already has an alias "${alias.name}". Keep one of them`);
    }
  }
}

/** A function is in one network, whatever its subnets. */
function networkOf(name: string, { placements, subnets }: Draft): string | undefined {
  const subnetId = placements.find(({ functionName }) => functionName === name)?.subnetId;
  return subnets.find(({ id }) => id === subnetId)?.vpcId;
}
