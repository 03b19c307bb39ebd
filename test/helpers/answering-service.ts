import { type sendUnaryData, Server, ServerCredentials, type ServerUnaryCall } from '@grpc/grpc-js';
import { onTestFinished } from 'vitest';
import { decodeRequest, encodeAnswer, type ServiceRequest } from '../../src/keys/service-wire.ts';
import { nodeNetwork } from '../../src/node-network.ts';
import { tempFolder } from './temp-folder.ts';

/** Starts a key service that answers each request with these bytes, until the end of the test. Gives its URL. */
export async function answeringService(answer: (request: ServiceRequest, method: 'Encrypt' | 'Decrypt') => Buffer): Promise<string> {
  const server = new Server();
  for (const method of ['Encrypt', 'Decrypt'] as const) {
    const handle = (call: ServerUnaryCall<ServiceRequest, Uint8Array>, done: sendUnaryData<Uint8Array>): void => {
      done(null, answer(call.request, method));
    };
    server.register(`/KeyService/${method}`, handle, encodeAnswer, decodeRequest, 'unary');
  }
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  const folder = tempFolder();
  onTestFinished(folder.remove);
  const stop = new AbortController();
  await new Promise<void>((ready) => {
    void nodeNetwork().serve({ path: folder.at('socket') }, { take: (one) => injector.injectConnection(one), ready, stop: stop.signal });
  });
  onTestFinished(() => {
    stop.abort();
    server.forceShutdown();
  });
  return `unix://${folder.at('socket')}`;
}
