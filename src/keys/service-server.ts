import type { Duplex } from 'node:stream';
import type { sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';
import type { StoredKey } from '../core/metadata.ts';
import { SecError } from '../core/problem.ts';
import { providerOf } from './index.ts';
import { failed, type KeyWorld, type MasterKey, type Unwrapped } from './key.ts';
import { loadGrpc } from './service-client.ts';
import { decodeRequest, encodeAnswer, type ServiceRequest } from './service-wire.ts';

/** What a client of ours wants, in words for whoever may allow it. */
export interface Asked {
  readonly does: 'encrypt' | 'decrypt';
  readonly kind: string;
  readonly label: string;
}

/** Whose keys are used, and who may say no. */
export interface ServiceHost {
  /** A fresh one for each request: what was read or entered for one client is none of the next one's. */
  world(): KeyWorld;
  allows(asked: Asked): Promise<boolean>;
  /** Told of each request, and of what became of it. */
  log(asked: Asked | null, outcome: string): void;
}

/** A server without a place: connections are handed to it. */
export interface KeyServer {
  take(connection: Duplex): void;
  /** Ends all connections. */
  close(): void;
}

/** A server of the protocol of sops (`sops-cli.md` §15). @throws SecError `package-missing` */
export async function keyServer(host: ServiceHost): Promise<KeyServer> {
  const { Server, ServerCredentials, status } = await loadGrpc();
  const server = new Server();
  const methods = { Encrypt: encrypt, Decrypt: decrypt } as const;
  for (const [name, method] of Object.entries(methods)) {
    const handle = (call: ServerUnaryCall<ServiceRequest, Uint8Array>, answer: sendUnaryData<Uint8Array>): void => {
      void (async () => {
        const outcome = await serve(call.request, method, host);
        host.log(outcome.asked, outcome.given ? 'done' : outcome.reason);
        if (outcome.given) answer(null, outcome.bytes);
        else answer({ code: status[outcome.code], details: outcome.reason });
      })();
    };
    server.register(`/KeyService/${name}`, handle, encodeAnswer, decodeRequest, 'unary');
  }
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  return {
    take: (connection) => injector.injectConnection(connection),
    close: () => {
      injector.destroy();
      server.forceShutdown();
    },
  };
}

type Outcome = { readonly asked: Asked | null } & (
  | { readonly given: true; readonly bytes: Uint8Array }
  | { readonly given: false; readonly code: 'NOT_FOUND' | 'PERMISSION_DENIED' | 'UNKNOWN'; readonly reason: string }
);

interface Method {
  readonly does: Asked['does'];
  readonly run: (key: MasterKey, stored: StoredKey, request: ServiceRequest, world: KeyWorld) => Promise<Unwrapped>;
}

const encrypt: Method = {
  does: 'encrypt',
  run: async (key, _, { bytes }, world) => {
    const { fields } = await key.wrap(bytes, world.now().toISOString(), world);
    const enc = fields.get('enc');
    return typeof enc === 'string' ? { opened: true, dataKey: Buffer.from(enc) } : failed('malformed', 'there is nothing to store');
  },
};

const decrypt: Method = { does: 'decrypt', run: (key, stored, _, world) => key.unwrap(stored, world) };

/** Asks before anything is done with a key: sops asks afterwards. */
async function serve(request: ServiceRequest, { does, run }: Method, host: ServiceHost): Promise<Outcome> {
  if (request.key === null) return { asked: null, given: false, code: 'NOT_FOUND', reason: 'the request names no key' };
  const { kind, fields } = request.key;
  let asked: Asked = { does, kind, label: `a key of the kind ${kind}` };
  try {
    const stored = { kind, fields: new Map([...fields, ['enc', Buffer.from(request.bytes).toString('utf8')]]) };
    const key = providerOf(kind).read(stored, 'the request');
    asked = { does, kind, label: key.label };
    if (!(await host.allows(asked))) return { asked, given: false, code: 'PERMISSION_DENIED', reason: 'the request was refused' };
    const result = await run(key, stored, request, host.world());
    if (result.opened) return { asked, given: true, bytes: result.dataKey };
    const { reason, detail } = result.failure;
    return { asked, given: false, code: reason === 'unsupported' ? 'NOT_FOUND' : 'UNKNOWN', reason: detail === '' ? reason : detail };
  } catch (error) {
    return { asked, given: false, code: 'UNKNOWN', reason: reasonOf(error) };
  }
}

/** No problem holds a secret, and of anything else nothing is said. */
function reasonOf(error: unknown): string {
  if (!(error instanceof SecError)) return 'it failed for a reason that sec does not know';
  const { problem } = error;
  return 'reason' in problem && typeof problem.reason === 'string' ? problem.reason : problem.code;
}
