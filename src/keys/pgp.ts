import type { StoredKey } from '../core/metadata.ts';
import { SecError } from '../core/problem.ts';
import type { KeyProvider, KeyWorld, MasterKey } from './key.ts';

/** OpenPGP keys (`sops-format.md` §15.2). What is done with them: `pgp-turns.ts`. */
export function pgp(): KeyProvider {
  return {
    kind: 'pgp',
    parse: (recipient) => pgpKey(parseFingerprint(recipient)),
    read: (stored, file) => pgpKey(readFingerprint(stored, file)),
    async identities(world) {
      const { pgpIdentities } = await import('./pgp-turns.ts');
      return pgpIdentities(world);
    },
  };
}

function pgpKey(fingerprint: string): MasterKey {
  return {
    kind: 'pgp',
    label: fingerprint,
    wrap: (dataKey, createdAt, world) => wrap(fingerprint, dataKey, createdAt, world),
    async unwrapQuietly(stored, world) {
      const { unwrapPgpQuietly } = await import('./pgp-turns.ts');
      return unwrapPgpQuietly(text(stored, 'enc'), world);
    },
    async unwrap(stored, world) {
      const { unwrapPgp } = await import('./pgp-turns.ts');
      return unwrapPgp(fingerprint, text(stored, 'enc'), world);
    },
  };
}

/** Whole fingerprints, long key ids, and either with `!` for exactly that subkey. Short ids and names can mean anybody's key. */
const shape = /^(?:0x)?(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{16})!?$/i;
const misshapen = 'it is no OpenPGP fingerprint, which has 40 hexadecimal digits';

function parseFingerprint(recipient: string): string {
  const fingerprint = recipient.replaceAll(' ', '');
  if (shape.test(fingerprint)) return fingerprint;
  throw new SecError({ code: 'bad-recipient', kind: 'pgp', text: recipient, reason: misshapen });
}

function readFingerprint(stored: StoredKey, file: string): string {
  const fingerprint = text(stored, 'fp').replaceAll(' ', '');
  if (fingerprint === '') throw new SecError({ code: 'bad-metadata', file, reason: 'an entry of pgp has no fp' });
  return fingerprint;
}

/** A field of an entry, trimmed; empty where it is missing. */
function text({ fields }: StoredKey, name: string): string {
  const value = fields.get(name);
  return typeof value === 'string' ? value.trim() : '';
}

async function wrap(fingerprint: string, dataKey: Uint8Array, createdAt: string, world: KeyWorld): Promise<StoredKey> {
  const { wrapPgp } = await import('./pgp-turns.ts');
  const result = shape.test(fingerprint)
    ? await wrapPgp(fingerprint, dataKey, world)
    : ({ wrapped: false, reason: misshapen, hint: null } as const);
  if (!result.wrapped) throw new SecError({ code: 'wrap-failed', label: fingerprint, reason: result.reason, hint: result.hint });
  const fields = new Map([
    ['created_at', createdAt],
    ['enc', result.enc],
    ['fp', fingerprint],
  ]);
  return { kind: 'pgp', fields };
}
