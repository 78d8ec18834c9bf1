import { IAMClient } from '@aws-sdk/client-iam';
import { S3Client } from '@aws-sdk/client-s3';
import type { Clients } from './change.ts';

/** Clients that send nothing: every call is noted down, as its command and its input, and answered with nothing. */
export function recordingClients() {
  const sent: [command: string | undefined, input: unknown][] = [];
  const note = (command: string | undefined, input: unknown) => {
    sent.push([command, input]);
    return { output: { $metadata: {} }, response: {} };
  };
  const clients: Clients = { iam: new IAMClient(), s3: new S3Client() };
  const first = { step: 'initialize', priority: 'high' } as const;
  clients.iam.middlewareStack.add(
    (_next, { commandName }) =>
      async ({ input }) =>
        note(commandName, input),
    first,
  );
  clients.s3.middlewareStack.add(
    (_next, { commandName }) =>
      async ({ input }) =>
        note(commandName, input),
    first,
  );
  return { clients, sent };
}
