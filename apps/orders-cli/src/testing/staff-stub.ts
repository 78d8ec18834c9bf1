import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** A question as the stub was asked it. */
export interface Asked {
  readonly question: string;
  readonly body: unknown;
  readonly token: string | undefined;
}

/** What the stub answers: 200 with a document, or another status. */
export type Answer = object | { readonly status: number; readonly body: object };

/** A staff's API on this machine that answers as a test says, and the outputs file that leads to it. */
export interface StaffStub {
  readonly asked: Asked[];
  /** A file as `cdktf deploy --outputs-file` writes it. */
  readonly outputs: string;
  /** Called with `GET /path?query` and the body. */
  answer: (question: string, body: unknown) => Answer;
  close(): void;
}

export async function startStaffStub(): Promise<StaffStub> {
  const folder = mkdtempSync(join(tmpdir(), 'staff-stub-'));
  const outputs = join(folder, 'outputs.json');
  const server = createServer((request, response) => {
    void text(request).then((content) => {
      const question = `${request.method} ${request.url}`;
      const body: unknown = content === '' ? undefined : JSON.parse(content);
      stub.asked.push({ question, body, token: request.headers.authorization });
      const answer = stub.answer(question, body);
      const status = 'status' in answer && typeof answer.status === 'number' ? answer.status : 200;
      const document = 'body' in answer ? answer.body : answer;
      response.writeHead(status).end(JSON.stringify(document));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  writeFileSync(outputs, JSON.stringify({ orderstream: { staff_api_url: `http://127.0.0.1:${port}/` } }));
  const stub: StaffStub = {
    asked: [],
    outputs,
    answer: () => ({}),
    close: () => {
      server.close();
      rmSync(folder, { recursive: true });
    },
  };
  return stub;
}
