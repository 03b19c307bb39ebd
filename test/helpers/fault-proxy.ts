import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A request as it came by. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** What happens to a request in place of being passed on; `null`: it is passed on. */
export type Fault =
  | { readonly kind: 'answer'; readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body: string }
  /** No answer, ever. */
  | { readonly kind: 'silence' }
  /** The connection is closed without an answer. */
  | { readonly kind: 'cut' }
  /** Passed on after so many milliseconds. */
  | { readonly kind: 'delay'; readonly ms: number };

/** A server before another one that remembers what it was asked, and misbehaves when told to. */
export interface FaultProxy {
  readonly url: string;
  readonly seen: Seen[];
  stop(): Promise<void>;
}

/** Ends with the test at the latest. */
export async function faultProxy(target: string, decide: (seen: Seen) => Fault | null = () => null): Promise<FaultProxy> {
  const seen: Seen[] = [];
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const one = await read(incoming);
      seen.push(one);
      const fault = decide(one);
      if (fault?.kind === 'delay') setTimeout(() => pass(target, one, outgoing), fault.ms);
      else if (fault === null) pass(target, one, outgoing);
      else misbehave(fault, outgoing);
    })();
  });
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  const stop = (): Promise<void> =>
    new Promise((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
  onTestFinished(stop);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen, stop };
}

async function read(incoming: IncomingMessage): Promise<Seen> {
  const pieces: Buffer[] = [];
  for await (const piece of incoming) pieces.push(piece as Buffer);
  const { method = '', url = '', headers } = incoming;
  return { method, path: url, headers, body: Buffer.concat(pieces).toString('latin1') };
}

function pass(target: string, { method, path, headers, body }: Seen, outgoing: ServerResponse): void {
  const onward = request(new URL(path, target), { method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on('error', () => outgoing.destroy());
  onward.end(Buffer.from(body, 'latin1'));
}

function misbehave(fault: Exclude<Fault, { readonly kind: 'delay' }>, outgoing: ServerResponse): void {
  if (fault.kind === 'cut') outgoing.destroy();
  else if (fault.kind === 'answer') outgoing.writeHead(fault.status, fault.headers).end(fault.body);
}
