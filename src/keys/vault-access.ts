import type { HttpAnswer } from '../context.ts';
import { remembered, type Failure, type KeyWorld } from './key.ts';
import { refusalOf } from './vault-allowed.ts';
import { vaultLimits } from './vault-call.ts';
import { logIn } from './vault-login.ts';
import { vaultTls } from './vault-tls.ts';
import { originOf } from './vault-uri.ts';
import { vaultVariable } from './vault-variable.ts';

/** A server of Vault or OpenBao, asked with the user's own token. */
export interface VaultAccess {
  /** @param path behind `/v1/` @throws Node's own errors with their `code` */
  request(method: string, path: string, body: string): Promise<HttpAnswer>;
}

/** @param address that of the environment where it is empty; the user's own configuration names it, so the token may go there */
export async function vaultAccess(address: string, world: KeyWorld): Promise<VaultAccess | { readonly failure: Failure }> {
  const named = address || (vaultVariable(world.env, 'ADDR')?.value ?? 'https://127.0.0.1:8200');
  const origin = originOf(named) ?? named;
  const refusal = await refusalOf(origin, { from: 'person' }, world);
  if (refusal !== null) return { failure: refusal };
  const tls = await remembered(world, 'vault: tls', () => vaultTls(world));
  if ('failure' in tls) return tls;
  const login = await logIn(origin, { world, tls: tls.settings, limits: vaultLimits });
  if ('failure' in login) return login;
  const namespace = vaultVariable(world.env, 'NAMESPACE');
  const headers = {
    'x-vault-request': 'true',
    'x-vault-token': login.token.value,
    ...(namespace === null ? {} : { 'x-vault-namespace': namespace.value }),
  };
  return {
    request: (method, path, body) =>
      world.network.request({
        method,
        url: `${origin}/v1/${path.split('/').map(encodeURIComponent).join('/')}`,
        headers: { ...headers, ...(body === '' ? {} : { 'content-type': 'application/json' }) },
        body,
        tls: tls.settings,
        signal: world.signal ?? null,
        limits: vaultLimits,
      }),
  };
}
