import type { BootstrapOptions } from './options.ts';

/**
 * Whether changes are made at once, are asked for, or are refused for want of somebody to ask. An account is changed when
 * somebody says so; the local cloud may be at any time.
 *
 * @param endpoint AWS_ENDPOINT_URL. @param isTerminal whether a person can answer.
 */
export function consentFor(
  { isConfirmed, isJson }: Pick<BootstrapOptions, 'isConfirmed' | 'isJson'>,
  endpoint: string | undefined,
  isTerminal: boolean,
): 'given' | 'to ask for' | 'lacking' {
  if (isConfirmed || isLoopback(endpoint)) return 'given';
  return isTerminal && !isJson ? 'to ask for' : 'lacking';
}

function isLoopback(endpoint: string | undefined): boolean {
  if (endpoint === undefined || !URL.canParse(endpoint)) return false;
  return ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(endpoint).hostname);
}
