import { styleText } from 'node:util';
import type { InFlight } from './cloud-client.ts';
import { UsageError } from './errors.ts';

type Style = Parameters<typeof styleText>[0];

/** Colours a text where `stream` is a terminal that wants colours (NO_COLOR and FORCE_COLOR are heeded). */
export function paint(style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return styleText(style, text, { stream });
}

/** Prints a line for the person, on standard error, so that standard output stays a document. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** What is under way, by name, in words; empty for nothing. */
export function inFlightText(inFlight: InFlight): string {
  return Object.entries(inFlight)
    .map(([what, count]) => `${count} ${what}`)
    .join(', ');
}

/** Says what a command waits for. */
export function sayWaiting(inFlight: InFlight): void {
  say(`waiting for ${inFlightText(inFlight)}`);
}

/** The one JSON document of `--json`. */
export function printJson(document: unknown): void {
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
}

/** Rows as columns that line up; numbers to the right. */
export function table(rows: readonly (readonly (string | number)[])[], indent = '  '): string {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, String(cell).length)));
  const line = (row: readonly (string | number)[]) =>
    row
      .map((cell, i) =>
        typeof cell === 'number' ? String(cell).padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return rows.map((row) => indent + line(row)).join('\n');
}

/** A bar as long as its share of the largest, `width` characters at most. */
export function bar(value: number, largest: number, width = 30): string {
  return largest > 0 && value > 0 ? '█'.repeat(Math.max(1, Math.round((value / largest) * width))) : '';
}

/** Texts, such as amounts of money, made equally long so that they end at the same column. */
export function toTheRight(texts: readonly string[]): string[] {
  const width = Math.max(0, ...texts.map((text) => text.length));
  return texts.map((text) => text.padStart(width));
}

/** A progress bar on standard error: drawn over itself on a terminal, one line in ten per cent elsewhere. */
export class Progress {
  readonly #label: string;
  readonly #total: number;
  #lastShown = -1;

  constructor(label: string, total: number) {
    this.#label = label;
    this.#total = total;
  }

  update(done: number, note = ''): void {
    const share = this.#total === 0 ? 1 : Math.min(1, done / this.#total);
    const terminal = process.stderr.isTTY;
    const step = Math.floor(share * (terminal ? 100 : 10));
    if (!terminal && step === this.#lastShown) return;
    this.#lastShown = step;
    const bar = '█'.repeat(Math.round(share * 24)).padEnd(24, '░');
    const text = `${this.#label} ${bar} ${done}/${this.#total}${note === '' ? '' : `  ${note}`}`;
    process.stderr.write(terminal ? `\r\x1b[2K${text}` : `${text}\n`);
  }

  /** Ends the bar's line. */
  done(): void {
    if (process.stderr.isTTY) process.stderr.write('\n');
  }
}

/** Shows an error, in one line where a person can mend it, with its stack where it is a bug; answers the exit code. */
export function fail(error: unknown): number {
  const told = error instanceof UsageError;
  const text =
    error instanceof Error ? (told ? error.message : (error.stack ?? error.message)) : String(error);
  say(paint('red', text, process.stderr));
  return told ? error.exitCode : 1;
}
