import type { ParseArgsConfig } from 'node:util';

/** Options of a command, as `node:util`'s parseArgs takes them. */
export type Options = NonNullable<ParseArgsConfig['options']>;

/** What a command is given: its operands, its options, and a signal that Ctrl-C or SIGTERM aborts. */
export interface CommandInput {
  readonly operands: readonly string[];
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  readonly signal: AbortSignal;
}

export interface Command {
  /** `place [--sku SKU] …` as the help shows it, without `orders`. */
  readonly usage: string;
  readonly summary: string;
  readonly options: Options;
  /** How many operands it takes. */
  readonly operands: { readonly least: number; readonly most: number };
  /** Answers the exit code. */
  run(input: CommandInput): Promise<number>;
}
