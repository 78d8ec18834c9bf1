/** What the caller can put right: the message says how, and no stack trace is shown. */
export class BootstrapError extends Error {
  /** Exit code: 2 for how it was called, 1 for what it met. */
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.name = 'BootstrapError';
    this.exitCode = exitCode;
  }
}
