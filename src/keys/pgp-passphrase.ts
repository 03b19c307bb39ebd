import type { PrivateKey } from 'openpgp';
import { askPassphrase } from './ask.ts';
import { failed, remembered, type KeyWorld, type Unwrapped } from './key.ts';
import { setting } from './pgp-gpg-run.ts';
import { loadOpenpgp } from './pgp-package.ts';

/** A secret key that can be used, or why not. */
export type Unlocked = { readonly open: true; readonly key: PrivateKey } | { readonly open: false; readonly failure: Unwrapped };

/**
 * Unlocks a secret key from a file, once a command: with `SEC_PGP_PASSPHRASE` where it is set, else with what is entered at the
 * terminal. (A key that gpg holds is unlocked by its agent and nothing else.)
 *
 * @throws SecError `interrupted` when the person ends the question
 */
export function unlock(key: PrivateKey, world: KeyWorld): Promise<Unlocked> {
  return remembered(world, `pgp: passphrase of ${key.getFingerprint()}`, () => tryPassphrases(key, world));
}

/** The same without a question: the key, or `null`. */
export async function unlockQuietly(key: PrivateKey, world: KeyWorld): Promise<PrivateKey | null> {
  const unlocked = setting(world, 'SEC_PGP_PASSPHRASE') === null ? null : await unlock(key, world);
  return unlocked?.open === true ? unlocked.key : null;
}

async function tryPassphrases(key: PrivateKey, world: KeyWorld): Promise<Unlocked> {
  const name = `the OpenPGP key ${key.getFingerprint().toUpperCase()}`;
  const given = setting(world, 'SEC_PGP_PASSPHRASE');
  if (given !== null) return (await withPassphrase(key, given)) ?? denied(`SEC_PGP_PASSPHRASE is not the passphrase of ${name}`, null);
  const open = await askPassphrase(world, name, (passphrase) => withPassphrase(key, passphrase));
  if (open !== null) return open;
  if (world.terminal !== null) return denied('wrong passphrase', null);
  return denied(`${name} has a passphrase, and nobody is there to give it`, 'set SEC_PGP_PASSPHRASE');
}

function denied(detail: string, hint: string | null): Unlocked {
  return { open: false, failure: failed('denied', detail, hint) };
}

async function withPassphrase(privateKey: PrivateKey, passphrase: string): Promise<Unlocked | null> {
  const { decryptKey } = await loadOpenpgp();
  try {
    return { open: true, key: await decryptKey({ privateKey, passphrase }) };
  } catch {
    return null;
  }
}
