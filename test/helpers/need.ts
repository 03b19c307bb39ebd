import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { test } from 'vitest';
import { peers, type Peer } from './peers.ts';

/**
 * Whether a test can run that needs these programs. A missing one is named on a line of its own, with the command that
 * installs it: `describe.skipIf(!need('gpg'))('…')`. To have that beside the test's name, use `testWith`.
 *
 * @throws where CI is set: there a test that cannot run has failed.
 */
export function need(...programs: readonly Program[]): boolean {
  const missing = whatIsMissing(programs);
  if (missing === null) return true;
  if (isCI()) throw new Error(missing);
  console.warn(`skipped: ${missing}`);
  return false;
}

/**
 * The `test` of cases that need these programs: `testWith('gpg', 'sops-3.13.3')('opens what sops wrote', …)`. Where one is
 * missing, each case is skipped under its name and the command that installs it; where CI is set, each fails.
 */
export function testWith(...programs: readonly Program[]): (name: string, run: () => void | Promise<void>, timeout?: number) => void {
  const missing = whatIsMissing(programs);
  return (name, run, timeout) => {
    if (missing === null) {
      test(name, run, timeout);
    } else if (isCI()) {
      test(name, () => Promise.reject(new Error(missing)));
    } else {
      console.warn(`skipped: ${name}: ${missing}`);
      test.skip(`${name} (skipped: ${missing})`, run);
    }
  };
}

/**
 * The full path of a program, for a test that has asked `need` for it.
 *
 * @throws where it is missing.
 */
export function programPath(program: Program): string {
  const path = find(program);
  if (path === null) throw new Error(needs(program));
  return path;
}

/** What a test may need: a program on PATH, or one of a fixed version. */
export type Program = keyof typeof debianPackages | Peer;

/** The Debian package that brings each program. */
const debianPackages = {
  age: 'age',
  'age-keygen': 'age',
  bash: 'bash',
  curl: 'curl',
  git: 'git',
  gpg: 'gnupg',
  jq: 'jq',
  python3: 'python3',
  nano: 'nano',
  perl: 'perl',
  pg_ctlcluster: 'postgresql',
  script: 'bsdutils',
  'ssh-keygen': 'openssh-client',
  fish: 'fish',
  tmux: 'tmux',
  zsh: 'zsh',
  unshare: 'util-linux',
  vim: 'vim-tiny',
} as const;

/** Where a package calls a program otherwise. */
const otherNames: Readonly<Record<string, readonly string[]>> = { vim: ['vim', 'vim.tiny'] };

function whatIsMissing(programs: readonly Program[]): string | null {
  const missing = programs.filter((program) => find(program) === null);
  return missing.length === 0 ? null : missing.map(needs).join('; ');
}

function needs(program: Program): string {
  return isPeer(program)
    ? `needs ${program}: test/peers/install ${program}`
    : `needs ${program}: apt-get install ${debianPackages[program]}`;
}

function find(program: Program): string | null {
  if (isPeer(program)) return isExecutable(peers[program]) ? peers[program] : null;
  if (!(program in debianPackages)) throw new Error(`need() knows no ${program}: add its package to test/helpers/need.ts`);
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const names = otherNames[program] ?? [program];
  const places = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return places.find(isExecutable) ?? null;
}

function isPeer(program: Program): program is Peer {
  return program in peers;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function isCI(): boolean {
  return process.env['CI'] === 'true';
}
