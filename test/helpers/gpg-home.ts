import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A GnuPG home of a test's own, with an agent of its own. */
export interface GpgHome {
  readonly path: string;
  /** Runs gpg and gives its standard output. @throws where it fails */
  gpg(args: readonly string[], input?: Uint8Array | string): Buffer;
  /** Makes a key by `--quick-generate-key` and gives its fingerprint. */
  makeKey(name: string, how: readonly string[], passphrase?: string): string;
  /** What the pinentry answers from now on: a passphrase, or one of the ways to give none. The agent forgets what it knew. */
  answer(passphrase: string | null): void;
  /** How often the pinentry has asked. */
  questions(): number;
  /** Ends the agent and removes the folder. */
  remove(): void;
}

/** The path is short, since the agent puts sockets there whose names have at most 107 bytes. */
export function gpgHome(): GpgHome {
  const path = mkdtempSync('/tmp/g.');
  const env = { ...process.env, GNUPGHOME: path };
  const log = join(path, 'asked');
  const run = (program: string, args: readonly string[], input?: Uint8Array | string): Buffer => {
    const { status, stdout, stderr } = spawnSync(program, args, { env, input });
    if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr.toString()}`);
    return stdout;
  };
  const gpg = (args: readonly string[], input?: Uint8Array | string): Buffer => run('gpg', ['--batch', '--no-tty', ...args], input);
  writeFileSync(log, '');
  writeFileSync(join(path, 'pinentry'), pinentry(path));
  chmodSync(join(path, 'pinentry'), 0o755);
  writeFileSync(join(path, 'gpg-agent.conf'), `pinentry-program ${join(path, 'pinentry')}\n`);
  return {
    path,
    gpg,
    makeKey: (name, how, passphrase = '') => {
      gpg(['--pinentry-mode', 'loopback', '--passphrase', passphrase, '--quick-generate-key', `${name} <${name}@example.invalid>`, ...how]);
      return fingerprints(gpg(['--with-colons', '--list-keys', `<${name}@example.invalid>`]))[0] ?? '';
    },
    answer: (passphrase) => {
      writeFileSync(join(path, 'answer'), passphrase === null ? 'ERR 83886179 cancelled\n' : `D ${passphrase}\nOK\n`);
      run('gpgconf', ['--kill', 'gpg-agent']);
    },
    questions: () => readFileSync(log, 'utf8').split('\n').length - 1,
    remove: () => {
      run('gpgconf', ['--kill', 'gpg-agent']);
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** All fingerprints of a list of keys, primary ones and subkeys, in order. */
export function fingerprints(list: Uint8Array): readonly string[] {
  const lines = Buffer.from(list).toString().split('\n');
  return lines.filter((line) => line.startsWith('fpr:')).map((line) => line.split(':')[9] ?? '');
}

/** An armored message with one bit changed near its end. */
export function damage(message: string): string {
  const binary = Buffer.from(message.replace(/-----.*|\n=.*|\n/g, ''), 'base64');
  const at = binary.length - 3;
  binary.writeUInt8(binary.readUInt8(at) ^ 1, at);
  return `-----BEGIN PGP MESSAGE-----\n\n${binary.toString('base64')}\n-----END PGP MESSAGE-----`;
}

/** A pinentry that answers from a file and counts how often it is asked. */
function pinentry(path: string): string {
  return [
    '#!/bin/sh',
    'echo OK',
    'while read -r word rest; do',
    '  case $word in',
    `    GETPIN) echo asked >> ${path}/asked; cat ${path}/answer ;;`,
    '    BYE) echo OK; exit ;;',
    '    *) echo OK ;;',
    '  esac',
    'done',
    '',
  ].join('\n');
}
