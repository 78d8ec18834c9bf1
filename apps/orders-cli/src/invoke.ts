import { UsageError } from './errors.ts';
import { clientConfigOf, type Session } from './session.ts';

/** A function that is asked as an operator; {@link close} ends its connections. */
export interface AskedFunction {
  ask(request: Readonly<Record<string, unknown>>): Promise<unknown>;
  close(): void;
}

/** Opens a function by its name. The answer is waited for. @throws UsageError with the function's own error. */
export async function openFunction(session: Pick<Session, 'status'>, name: string): Promise<AskedFunction> {
  // Loaded only here: most commands invoke nothing, and their first line is to come at once.
  const { InvokeCommand, LambdaClient } = await import('@aws-sdk/client-lambda');
  const client = new LambdaClient(clientConfigOf(session));
  return {
    ask: async (request) => {
      const Payload = new TextEncoder().encode(JSON.stringify(request));
      const answer = await client.send(new InvokeCommand({ FunctionName: name, Payload }));
      const text = new TextDecoder().decode(answer.Payload);
      if (answer.FunctionError !== undefined) throw failureOf(name, request, text);
      return text === '' ? undefined : (JSON.parse(text) as unknown);
    },
    close: () => client.destroy(),
  };
}

function failureOf(name: string, request: object, text: string): UsageError {
  const { errorType, errorMessage } = JSON.parse(text) as Record<string, unknown>;
  return new UsageError(
    `${name} failed at ${JSON.stringify(request)}: ${String(errorType)}: ${String(errorMessage)}. It is safe to run this again.`,
    1,
  );
}
