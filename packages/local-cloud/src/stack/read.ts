import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { shortId } from './arns.ts';
import type { TerraformDocument } from './document.ts';
import { readDocument } from './document.ts';
import { emptyDraft } from './draft.ts';
import { link } from './link.ts';
import type { InertResource, Stack } from './model.ts';
import { StackError } from './problems.ts';
import { resourceTypes } from './registry.ts';
import { Resolver } from './resolver.ts';
import type { HostAndPort, Place } from './resource-type.ts';
import { BROKEN } from './resource-type.ts';

export interface ReadOptions {
  /** By default what the provider block says, else eu-west-1. */
  readonly region?: string;
  /** By default 000000000000. */
  readonly accountId?: string;
  /** Values for Terraform variables, instead of their defaults; JSON text where a variable is no string. */
  readonly variables?: Readonly<Record<string, string>>;
  /** How the URL of a queue is written; SQS clients call the host it names. By default as on AWS. */
  readonly queueUrl?: (queueName: string) => string;
  /**
   * How the address of an HTTP API is written, without a slash at the end. By default as on AWS. `place` counts the APIs
   * from 0 in the order of the document.
   */
  readonly apiUrl?: (apiId: string, place: number) => string;
  /** How the endpoint of a search domain is written: host and port, without a scheme. By default as on AWS. */
  readonly searchEndpoint?: (domainName: string) => string;
  /** Where a cache is reached. By default as on AWS, on the port that its resource asks for. */
  readonly cacheAddress?: (id: string) => HostAndPort;
}

/**
 * Reads a synthesized stack (`cdktf.out/stacks/<stack>/cdk.tf.json`).
 *
 * @throws {StackError} listing everything in it that can't be read, resolved or run here.
 */
export function readStack(file: string, options: ReadOptions = {}): Stack {
  const path = resolve(file);
  const stack = resolveStack(readJson(path), dirname(path), options);
  const missing = stack.functions
    .filter((lambda) => !existsSync(lambda.package))
    .map(
      (lambda) => `function "${lambda.name}": ${lambda.package} does not exist. Synthesize the stack again`,
    );
  if (missing.length > 0) throw new StackError(stack.name, missing);
  return stack;
}

/** The stack in a synthesized document. Pure: looks at no file. */
export function resolveStack(json: unknown, directory: string, options: ReadOptions = {}): Stack {
  const document = readDocument(json);
  if (Array.isArray(document)) throw new StackError(basename(directory), document);
  const name = document['//']?.metadata?.stackName ?? basename(directory);
  const problems: string[] = refusedTypes(document);
  const place = placeOf(document, directory, options, problems);
  const resolver = new Resolver(
    { document, types: resourceTypes, place, variables: options.variables ?? {} },
    problems,
  );

  const draft = emptyDraft();
  const inert: InertResource[] = [];
  for (const address of addresses(document)) {
    const resource = resolver.resource(address);
    if (resource === BROKEN) continue;
    resource.contribute(draft);
    inert.push(...resource.inert);
  }
  const outputs = resolveOutputs(document, resolver);
  if (problems.length > 0) throw new StackError(name, problems);

  const parts = link(draft, problems);
  if (problems.length > 0) throw new StackError(name, problems);
  return { name, region: place.region, accountId: place.accountId, directory, ...parts, outputs, inert };
}

/** How many HTTP APIs a synthesized stack has; 0 for a file that {@link readStack} refuses. */
export function countApis(file: string): number {
  try {
    const document = readDocument(readJson(resolve(file)));
    return Array.isArray(document) ? 0 : addressesOf(document.resource, API_TYPE).length;
  } catch {
    return 0;
  }
}

function readJson(path: string): unknown {
  if (!existsSync(path)) throw new StackError(path, ['the file does not exist. Synthesize the stack first']);
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new StackError(path, [`the file can't be read: ${String(error)}`]);
  }
}

const DEFAULT_REGION = 'eu-west-1';
const API_TYPE = 'aws_apigatewayv2_api';

function placeOf(
  document: TerraformDocument,
  directory: string,
  options: ReadOptions,
  problems: string[],
): Place {
  const apiIds = addressesOf(document.resource, API_TYPE).map(shortId);
  const home = placeIn(DEFAULT_REGION, directory, apiIds, options);
  const provider = (document.provider['aws'] ?? []).find(({ alias }) => alias === undefined);
  const bare = new Resolver(
    { document, types: new Map(), place: home, variables: options.variables ?? {} },
    problems,
  );
  const region =
    options.region ?? bare.value(provider?.['region'], { address: 'provider.aws', argument: 'region' });
  if (region === undefined) return home;
  if (typeof region === 'string') return placeIn(region, directory, apiIds, options);
  problems.push('provider.aws: argument "region" must be a string or a variable');
  return home;
}

function placeIn(region: string, directory: string, apiIds: readonly string[], options: ReadOptions): Place {
  const accountId = options.accountId ?? '000000000000';
  const { apiUrl, searchEndpoint, cacheAddress } = options;
  return {
    region,
    accountId,
    directory,
    queueUrl: options.queueUrl ?? ((queue) => `https://sqs.${region}.amazonaws.com/${accountId}/${queue}`),
    apiUrl: (api) =>
      apiUrl?.(api, apiIds.indexOf(api)) ?? `https://${api}.execute-api.${region}.amazonaws.com`,
    searchEndpoint: (domain, address) =>
      searchEndpoint?.(domain) ?? `search-${domain}-${shortId(address)}.${region}.es.amazonaws.com`,
    cacheAddress: (id, port, address) =>
      cacheAddress?.(id) ?? { host: `master.${id}.${shortId(address)}.${region}.cache.amazonaws.com`, port },
  };
}

/** `aws_sqs_queue.mail`, `data.aws_region.current` … for everything in the document. */
function addresses(document: TerraformDocument): string[] {
  const of = (resources: TerraformDocument['resource'], prefix: string) =>
    Object.keys(resources).flatMap((type) => addressesOf(resources, type, prefix));
  return [...of(document.data, 'data.'), ...of(document.resource, '')];
}

function addressesOf(resources: TerraformDocument['resource'], type: string, prefix = ''): string[] {
  return Object.keys(resources[type] ?? {}).map((label) => `${prefix}${type}.${label}`);
}

function refusedTypes(document: TerraformDocument): string[] {
  return addresses(document).flatMap((address) => {
    const type = address.slice(0, address.lastIndexOf('.'));
    if (resourceTypes.has(type)) return [];
    const kind = type.startsWith('data.') ? 'data source' : 'resource type';
    return [
      `${address}: ${kind} ${type.replace('data.', '')} is not run here. Remove it, or leave it out by the stack's config`,
    ];
  });
}

function resolveOutputs(document: TerraformDocument, resolver: Resolver): Record<string, string> {
  const outputs: Record<string, string> = {};
  for (const [name, { value }] of Object.entries(document.output)) {
    const resolved = resolver.value(value, { address: 'output', argument: name });
    if (resolved === null || resolved === undefined || resolved === BROKEN) continue;
    outputs[name] = typeof resolved === 'string' ? resolved : JSON.stringify(resolved);
  }
  return outputs;
}
