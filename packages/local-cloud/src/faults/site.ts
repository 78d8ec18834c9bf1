import type { FaultService } from './services.ts';

/** Something that a fault may strike, this one time. */
export interface Site {
  readonly service: FaultService;
  readonly operation: string;
  /** The function that calls, or that is run; undefined when an operator calls, or no function has to do with it. */
  readonly functionName: string | undefined;
  /** Whether AWS, or a client's own retry, may do it twice. */
  readonly mayRepeat: boolean;
  /** Among what it may be overtaken: deliveries to the same function, or to the same target. Undefined: it may not. */
  readonly lane?: string;
}

/**
 * Whether a pattern of a fault file means a function: its name, the end of it after a `-`, or, with `*` for any
 * characters, the whole of it.
 */
export function meansFunction(pattern: string, name: string): boolean {
  if (!pattern.includes('*')) return name === pattern || name.endsWith(`-${pattern}`);
  const parts = pattern.split('*').map((part) => part.replaceAll(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(name);
}
