import type * as Grpc from '@grpc/grpc-js';
import { SecError, type UnwrapReason } from '../core/problem.ts';
import { aborted, inSeconds } from './calls.ts';
import { type Failure, type KeyWorld, remembered } from './key.ts';
import { keyLimits } from './limits.ts';
import { decodeAnswer, encodeRequest, type ServiceKey, type ServiceRequest } from './service-wire.ts';
import type { ServicePlace } from './service-places.ts';

/** What a service answered: bytes, or why not. */
export type ServiceAnswer = { readonly given: true; readonly bytes: Uint8Array } | { readonly given: false; readonly failure: Failure };

/** How long to wait for a connection. For an answer it may be longer: a person may have to allow it. */
const connectMs = 5000;

/** Asks a service to lock bytes for a key, or to open them. One connection serves a command. @throws SecError `package-missing` */
export async function askService(
  method: 'Encrypt' | 'Decrypt',
  { key, bytes }: { readonly key: ServiceKey; readonly bytes: Uint8Array },
  place: ServicePlace,
  world: KeyWorld,
): Promise<ServiceAnswer> {
  const grpc = await loadGrpc();
  const connection = await remembered(world, `service: ${place.url}`, () => connect(grpc, place, world));
  if (connection.client === null) return gone(connection.reason, place);
  return call(grpc, connection.client, { method, request: { key, bytes } }, world);
}

/**
 * The package, loaded by the first call that needs it.
 *
 * @throws SecError `package-missing`
 */
export async function loadGrpc(): Promise<typeof Grpc> {
  try {
    const grpc = await import('@grpc/grpc-js');
    // What goes wrong is said by us, and once.
    grpc.setLogVerbosity(grpc.logVerbosity.NONE);
    return grpc;
  } catch (cause) {
    throw new SecError({ code: 'package-missing', name: '@grpc/grpc-js', purpose: 'key services' }, { cause });
  }
}

type Connection = { readonly client: Grpc.Client } | { readonly client: null; readonly reason: 'refused' | 'silent' };

/** A call by itself would wait as long for a machine that is not there as for a person who thinks. */
async function connect(grpc: typeof Grpc, { target }: ServicePlace, world: KeyWorld): Promise<Connection> {
  // A proxy would see the data key.
  const client = new grpc.Client(target, grpc.credentials.createInsecure(), {
    'grpc.enable_http_proxy': 0,
    'grpc.use_local_subchannel_pool': 1,
  });
  const end = new AbortController();
  const late = world.network.pause(connectMs, end.signal).then(() => 'silent' as const);
  const outcome = await Promise.race([reached(grpc, client.getChannel()), late]);
  end.abort();
  if (outcome === 'ready') return { client };
  client.close();
  return { client: null, reason: outcome };
}

async function reached(grpc: typeof Grpc, channel: Grpc.ChannelInterface): Promise<'ready' | 'refused'> {
  for (;;) {
    const state = channel.getConnectivityState(true);
    if (state === grpc.connectivityState.READY) return 'ready';
    if (state === grpc.connectivityState.TRANSIENT_FAILURE || state === grpc.connectivityState.SHUTDOWN) return 'refused';
    await new Promise<void>((done) => channel.watchConnectivityState(state, Infinity, () => done()));
  }
}

function gone(reason: 'refused' | 'silent', { url }: ServicePlace): ServiceAnswer {
  const detail = reason === 'refused' ? 'nobody listens there' : `no connection within ${connectMs / 1000} seconds`;
  const hint = url.startsWith('unix:') ? `sec keyservice --network unix --address ${url.slice('unix://'.length)}` : null;
  return refused('unreachable', detail, hint);
}

interface Call {
  readonly method: 'Encrypt' | 'Decrypt';
  readonly request: ServiceRequest;
}

async function call(grpc: typeof Grpc, client: Grpc.Client, { method, request }: Call, world: KeyWorld): Promise<ServiceAnswer> {
  const { timeout } = await keyLimits(world);
  const late = AbortSignal.timeout(timeout * 1000);
  const end = world.signal === undefined ? late : AbortSignal.any([late, world.signal]);
  return new Promise((done) => {
    const under = client.makeUnaryRequest(`/KeyService/${method}`, encodeRequest, decodeAnswer, request, (error, bytes) => {
      if (error !== null) done(late.aborted ? tooLate(timeout) : refusal(grpc.status, error));
      else done(bytes === undefined || bytes.length === 0 ? nothing : { given: true, bytes });
    });
    void aborted(end).then(() => under.cancel());
  });
}

function refused(reason: UnwrapReason, detail: string, hint: string | null = null): ServiceAnswer {
  return { given: false, failure: { reason, detail, hint } };
}

const nothing = refused('malformed', 'the key service answered with nothing');

function tooLate(seconds: number): ServiceAnswer {
  return refused('unreachable', `no answer within ${inSeconds(seconds)}`, 'wait longer with: --unlock-timeout SECONDS');
}

/** What a server says is not ours, and may be long: its first words have to do. */
function refusal(status: typeof Grpc.status, { code, details }: Grpc.ServiceError): ServiceAnswer {
  if (code === status.PERMISSION_DENIED) return refused('denied', 'who was asked at the key service said no');
  if (code === status.NOT_FOUND || code === status.UNIMPLEMENTED) return refused('unsupported', 'the key service cannot use such a key');
  if (code === status.UNAVAILABLE) return refused('unreachable', 'the connection broke');
  if (code === status.CANCELLED) return refused('unreachable', 'it was not waited for');
  const said = details.trim().split('\n')[0]?.slice(0, 200) ?? '';
  return refused('denied', `the key service says: ${said}`);
}
