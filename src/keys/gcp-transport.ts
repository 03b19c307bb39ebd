import type { Failure, KeyWorld } from './key.ts';
import { type Variable, variable } from './variable.ts';

/** How Google is reached. */
export interface GcpTransport {
  readonly isGrpc: boolean;
  /** In place of Google's own address; `null` where nobody gave one. */
  readonly endpoint: { readonly host: string; readonly port: number; readonly isPlain: boolean } | null;
  /** The domain of another cloud with Google's software; `null` for Google's own. */
  readonly universe: string | null;
}

/** REST unless gRPC is asked for. Another address comes from the user's own variables, and never from a file with secrets. */
export function transportFor({ env }: KeyWorld): { readonly transport: GcpTransport } | { readonly failure: Failure } {
  const type = variable(env, 'GCP_KMS_CLIENT_TYPE');
  if (type !== null && type.value !== 'rest' && type.value !== 'grpc') return wrong(type, 'is neither rest nor grpc');
  const given = variable(env, 'GCP_KMS_ENDPOINT');
  const endpoint = given === null ? null : endpointOf(given.value);
  if (given !== null && endpoint === null) return wrong(given, 'is no address, as in https://HOST:PORT');
  return { transport: { isGrpc: type?.value === 'grpc', endpoint, universe: variable(env, 'GCP_KMS_UNIVERSE_DOMAIN')?.value ?? null } };
}

/** `HOST` or `HOST:PORT`, which may stand behind `http://` or `https://`. The SDK takes no path. */
function endpointOf(text: string): GcpTransport['endpoint'] {
  const whole = /^[a-z]+:\/\//i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(whole)) return null;
  const { protocol, hostname, port, pathname } = new URL(whole);
  const isPlain = protocol === 'http:';
  if ((!isPlain && protocol !== 'https:') || pathname !== '/') return null;
  return { host: hostname, port: Number(port || (isPlain ? 80 : 443)), isPlain };
}

function wrong({ name }: Variable, what: string): { readonly failure: Failure } {
  return { failure: { reason: 'bad-key-file', detail: `${name} ${what}`, hint: `unset ${name}` } };
}
