import { isTextMode, whyNotOpened, whyNotWrapped } from './pgp-gpg-reasons.ts';
import { runGpg } from './pgp-gpg-run.ts';
import { literalBytes, type WrapResult } from './pgp-openpgp.ts';
import { failed, type KeyWorld, type Unwrapped } from './key.ts';

/** More than any data key, so that a message which unpacks to gigabytes does not. */
const longest = ['--max-output', '4096'];

/**
 * Wraps with a key of gpg's keyring (`sops-format.md` §15.2). `null` where gpg is not installed.
 *
 * Beyond the options of sops: nothing is asked, no key is looked for on the network, and a `textmode` in the user's gpg.conf
 * does not make a text of the key.
 */
export async function wrapWithGpg(fingerprint: string, dataKey: Uint8Array, world: KeyWorld): Promise<WrapResult | null> {
  const trusted = fingerprint.slice(fingerprint.endsWith('!') ? -17 : -16);
  const quiet = ['--no-auto-key-locate', '--no-textmode', '--no-default-recipient', '--yes'];
  const args = [...quiet, '--encrypt', '-a', '-r', fingerprint, '--trusted-key', trusted, '--no-encrypt-to'];
  const run = await runGpg(world, args, dataKey, 'asks nothing');
  if (run === null) return null;
  const enc = new TextDecoder().decode(run.stdout).trim();
  return run.ok && enc !== '' ? { wrapped: true, enc } : whyNotWrapped(fingerprint, run, world);
}

/** Opens with a key that gpg or its agent holds: one call. `null` where gpg is not installed. */
export async function unwrapWithGpg(enc: string, world: KeyWorld): Promise<Unwrapped | null> {
  const run = await runGpg(world, ['--no-auto-key-retrieve', ...longest, '-d'], new TextEncoder().encode(enc), 'may ask');
  if (run === null) return null;
  if (!run.ok) return whyNotOpened(run);
  if (run.stdout.length === 0) return failed('malformed', 'gpg found nothing in the wrapped key');
  return isTextMode(run) ? openText(enc, run.stdout, world) : { opened: true, dataKey: run.stdout };
}

/**
 * Some old releases of sops wrapped the key as a text, and from a text gpg drops each byte 0x0D. The bytes as they were come out
 * when gpg takes away the encryption only.
 */
async function openText(enc: string, text: Uint8Array, world: KeyWorld): Promise<Unwrapped> {
  const run = await runGpg(world, [...longest, '--unwrap', '-d'], new TextEncoder().encode(enc), 'may ask');
  const whole = run?.ok === true ? await literalBytes(run.stdout) : null;
  if (whole !== null) return { opened: true, dataKey: whole };
  if (text.length >= 32) return { opened: true, dataKey: text };
  return failed('malformed', 'the key was wrapped as a text, and gpg dropped a byte of it');
}

/** Fingerprints of the secret keys in gpg's keyring; none where gpg is not installed. */
export async function gpgIdentities(world: KeyWorld): Promise<readonly string[]> {
  const run = await runGpg(world, ['--with-colons', '--list-secret-keys'], new Uint8Array(), 'asks nothing');
  const lines = new TextDecoder()
    .decode(run?.stdout)
    .split('\n')
    .map((line) => line.split(':'));
  return lines.flatMap((fields, index) => (fields[0] === 'fpr' && lines[index - 1]?.[0] === 'sec' ? [fields[9] ?? ''] : []));
}
