import type { Caller, ServiceHandler, ServiceRequest } from '../endpoint/service.ts';

export const ACCOUNT = '123456789012';
const OPERATOR: Caller = { kind: 'operator', name: 'somebody', roleArn: undefined };

export function formRequest(operation: string, form: Readonly<Record<string, string>> = {}): ServiceRequest {
  const body = Buffer.from(new URLSearchParams({ Action: operation, ...form }).toString());
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return { service: 'iam', operation, method: 'POST', url: '/', headers, body, caller: OPERATOR };
}

/** @param call `PUT /bucket?policy` */
export function bucketRequest(
  call: string,
  body = '',
  headers: Readonly<Record<string, string>> = {},
): ServiceRequest {
  const [method = '', url = ''] = call.split(' ');
  return {
    service: 's3',
    operation: method,
    method,
    url,
    headers,
    body: Buffer.from(body),
    caller: OPERATOR,
  };
}

/** The error that a call is answered with, as `code status`; `none` where it is not. */
export async function errorOf(handler: ServiceHandler, request: ServiceRequest): Promise<string> {
  return handler(request).then(
    () => 'none',
    ({ code, status }: { code: string; status: number }) => `${code} ${status}`,
  );
}
