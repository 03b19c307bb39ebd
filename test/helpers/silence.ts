import { createServer, type AddressInfo, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A server that takes connections, and the tunnel where one is asked for, and says nothing there. */
export interface Silence {
  readonly port: number;
  /** Resolves once somebody has said something. */
  readonly asked: Promise<void>;
  /** How many connections there are now. */
  open(): number;
}

/** Starts one, until the end of the test. */
export async function silence(): Promise<Silence> {
  const open = new Set<Socket>();
  let came = (): void => undefined;
  const asked = new Promise<void>((done) => {
    came = done;
  });
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('data', (bytes) => {
      if (bytes.toString('latin1').startsWith('CONNECT ')) socket.write('HTTP/1.1 200 OK\r\n\r\n');
      else came();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => open.delete(socket));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, asked, open: () => open.size };
}
