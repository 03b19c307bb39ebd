import { isDeepStrictEqual } from 'node:util';
import type { DestinationPlace } from '../config/destination.ts';
import type { HttpAnswer } from '../context.ts';
import { SecError } from '../core/problem.ts';
import type { KeyWorld } from '../keys/key.ts';
import { vaultAccess } from '../keys/vault-access.ts';
import type { Destination } from './destination.ts';

type Place = Extract<DestinationPlace, { readonly kind: 'vault' }>;

/** A secrets engine of Vault or OpenBao, of version 1 or 2 (`sops-cli.md` §13.11). */
export function vaultKv(place: Place, world: KeyWorld): Destination {
  const { mount, path, version } = place;
  const at = (name: string): string => `${mount}${version === 2 ? 'data/' : ''}${path}${name}`;
  const labelFor = (name: string): string => `${place.address || (world.env['VAULT_ADDR'] ?? '')}/v1/${at(name)}`;
  return {
    labelFor,
    takesPlain: true,
    put: async (name, content) => {
      const fail = (reason: string): SecError => new SecError({ code: 'publish-failed', place: labelFor(name), reason });
      const access = await vaultAccess(place.address, world);
      if ('failure' in access) throw fail(access.failure.detail);
      const ask = (method: string, body: string): Promise<HttpAnswer> => access.request(method, at(name), body);
      const text = Buffer.from(content).toString('utf8');
      try {
        if (version === 2 && holds(await ask('GET', ''), text)) return false;
        const { status } = await ask('PUT', version === 2 ? `{"data":${text}}` : text);
        if (status >= 300) throw fail(`it answers with ${status}`);
        return true;
      } catch (cause) {
        if (!(cause instanceof Error && 'code' in cause)) throw cause;
        throw fail(String(cause.code));
      }
    },
  };
}

/** Whether an answer of the second version holds these values. One that cannot be read holds others. */
function holds({ status, body }: HttpAnswer, text: string): boolean {
  if (status !== 200) return false;
  try {
    const answer: unknown = JSON.parse(body);
    return isDeepStrictEqual(field(field(answer, 'data'), 'data'), JSON.parse(text));
  } catch {
    return false;
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
