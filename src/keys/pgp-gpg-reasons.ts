import type { UnwrapReason } from '../core/problem.ts';
import { runGpg, type GpgRun } from './pgp-gpg-run.ts';
import type { WrapResult } from './pgp-openpgp.ts';
import { failed, type KeyWorld, type Unwrapped } from './key.ts';

/** Whether gpg has treated what it decrypted as a text. `PLAINTEXT` says so with the code of a letter: `b` is binary. */
export function isTextMode(run: GpgRun): boolean {
  return run.status.some(({ word, args }) => word === 'PLAINTEXT' && args[0] !== '62');
}

/** Why `gpg -d` did not open a data key, from its status lines. */
export function whyNotOpened(run: GpgRun): Unwrapped {
  const words = new Set(run.status.map(({ word }) => word));
  const error = run.status.findLast(({ word, args }) => word === 'ERROR' && args[0] === 'pkdecrypt_failed');
  if (error !== undefined) return whyKeyFailed(Number(error.args[1]) & 0xffff);
  if (words.has('NO_SECKEY')) return failed('no-key', 'gpg has no secret key for it');
  if (words.has('NEED_PASSPHRASE')) return cannotAsk();
  if (words.size === 0) return failed('unreachable', 'gpg failed and did not say why', 'gpg --list-secret-keys');
  return failed('malformed', 'gpg cannot read the wrapped key');
}

/** Codes of libgpg-error that people meet, without the bits that say which program found them. */
const failures: readonly (readonly [readonly number[], UnwrapReason, string, string | null])[] = [
  [[11, 31, 87], 'denied', 'wrong passphrase', null],
  [[99, 198], 'denied', 'no passphrase was given', null],
  [[62], 'denied', 'nobody gave the passphrase in time', null],
  [[85], 'denied', 'gpg-agent has no pinentry to ask for the passphrase', 'install pinentry, or name one in gpg-agent.conf'],
  [[130], 'denied', 'the PIN of the smart card is blocked', 'gpg --card-edit'],
  [[91, 110, 112], 'unreachable', 'the smart card with the key is not there', 'gpg --card-status'],
  [[108, 109, 111, 119, 120], 'unreachable', 'the smart card does not answer', 'gpgconf --kill scdaemon'],
  [[77, 78], 'unreachable', 'gpg-agent does not answer', 'gpgconf --kill gpg-agent'],
  [[17], 'no-key', 'gpg has no secret key for it', null],
];

/** A pinentry that ended, found no terminal (ENOTTY) or got no passphrase. */
const unasked: readonly number[] = [86, 177, 16_383, 32_870];

function whyKeyFailed(code: number): Unwrapped {
  if (unasked.includes(code)) return cannotAsk();
  const known = failures.find(([codes]) => codes.includes(code));
  if (known === undefined) return failed('wrong-key', `gpg could not use the secret key (error ${code})`);
  const [, reason, detail, hint] = known;
  return failed(reason, detail, hint);
}

function cannotAsk(): Unwrapped {
  return failed('denied', 'gpg could not ask for the passphrase', 'export GPG_TTY=$(tty)');
}

/** Why a recipient cannot be used, and the command that ends it. gpg's status hardly tells, its list of keys does. */
export async function whyNotWrapped(fingerprint: string, run: GpgRun, world: KeyWorld): Promise<WrapResult> {
  const bare = fingerprint.replace(/!$/, '');
  const listed = await runGpg(world, ['--with-colons', '--list-keys', bare], new Uint8Array(), 'asks nothing');
  const keys = readKeyList(listed?.stdout);
  const primary = keys.find(({ isPrimary }) => isPrimary);
  if (primary === undefined) return unknownKey(bare);
  const own = await runGpg(world, ['--with-colons', '--list-secret-keys', bare], new Uint8Array(), 'asks nothing');
  const usable = keys.filter(({ id, uses }) => uses.includes('e') && (bare === fingerprint || id.endsWith(lastDigits(bare))));
  const code = run.status.find(({ word }) => word === 'FAILURE')?.args[1];
  return (
    explainKey(primary, usable, own?.ok === true) ??
    refused(`gpg could not encrypt (error ${code ?? 'unknown'})`, `gpg --list-keys ${bare}`)
  );
}

function unknownKey(bare: string): WrapResult {
  return { wrapped: false, known: false, reason: 'gpg has no such public key', hint: `gpg --recv-keys ${bare}` };
}

function refused(reason: string, hint: string): WrapResult {
  return { wrapped: false, known: true, reason, hint };
}

/** One key of `gpg --with-colons`, primary or subkey (`doc/DETAILS` of GnuPG). */
interface ListedKey {
  readonly isPrimary: boolean;
  readonly state: string;
  readonly id: string;
  readonly expires: string;
  readonly uses: string;
  readonly fingerprint: string;
}

function readKeyList(stdout: Uint8Array | undefined): readonly ListedKey[] {
  const lines = new TextDecoder()
    .decode(stdout)
    .split('\n')
    .map((line) => line.split(':'));
  return lines.flatMap(([type, state = '', , , id = '', , expires = '', , , , , uses = ''], index) => {
    if (type !== 'pub' && type !== 'sub') return [];
    const next = lines[index + 1];
    return [{ isPrimary: type === 'pub', state, id, expires, uses, fingerprint: next?.[0] === 'fpr' ? (next[9] ?? id) : id }];
  });
}

function lastDigits(fingerprint: string): string {
  return fingerprint.slice(-16).toUpperCase();
}

/** `own`: the secret key is here too, so its owner can mend it on the spot. */
function explainKey(primary: ListedKey, usable: readonly ListedKey[], own: boolean): WrapResult | null {
  const name = primary.fingerprint;
  const renewed = `gpg --recv-keys ${name}`;
  const successor = 'ask its owner for the new key, and put that in its place';
  if (primary.state === 'r') return refused('the key was revoked', successor);
  if (primary.state === 'e') {
    return refused(`the key expired on ${day(primary.expires)}`, own ? `gpg --quick-set-expire ${name} 1y` : renewed);
  }
  if (primary.uses.includes('D')) return refused('the key is disabled in the gpg keyring', `gpg --edit-key ${name} enable save`);
  const last = usable.at(-1);
  if (last === undefined) return refused('the key is not made for encryption', own ? `gpg --quick-add-key ${name} cv25519 encr` : renewed);
  if (usable.every(({ state }) => state === 'r')) return refused('its encryption subkey was revoked', renewed);
  if (usable.every(({ state }) => state === 'e' || state === 'r')) {
    return refused(`its encryption subkey expired on ${day(last.expires)}`, own ? `gpg --quick-set-expire ${name} 1y '*'` : renewed);
  }
  return null;
}

function day(seconds: string): string {
  return new Date(Number(seconds) * 1000).toISOString().slice(0, 10);
}
