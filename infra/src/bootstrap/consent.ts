import type { BootstrapOptions } from './options.ts';

/** The services that the bootstrap talks to, as the variables for their endpoints call them. */
const SERVICES = ['IAM', 'S3', 'STS'];

/**
 * Whether changes are made at once, are asked for, or are refused for want of somebody to ask. An account is changed when
 * somebody says so; the local cloud may be at any time.
 *
 * @param variables of the environment, which say what every service's calls are sent to. @param isTerminal whether a
 * person can answer.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
export function consentFor(
  { isConfirmed, isJson }: Pick<BootstrapOptions, 'isConfirmed' | 'isJson'>,
  variables: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): 'given' | 'to ask for' | 'lacking' {
  if (isConfirmed || SERVICES.every((service) => isLoopback(endpointOf(service, variables)))) return 'given';
  return isTerminal && !isJson ? 'to ask for' : 'lacking';
}

function endpointOf(
  service: string,
  variables: Readonly<Record<string, string | undefined>>,
): string | undefined {
  if (variables['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS']) return undefined;
  return variables[`AWS_ENDPOINT_URL_${service}`] || variables['AWS_ENDPOINT_URL'];
}

function isLoopback(endpoint: string | undefined): boolean {
  if (endpoint === undefined || !URL.canParse(endpoint)) return false;
  return ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(endpoint).hostname);
}
