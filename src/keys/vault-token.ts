import { posix, win32 } from 'node:path';
import type { KeyWorld } from './key.ts';
import { vaultVariable } from './vault-variable.ts';

/** A token, and where it is from, in words to stand in a sentence. */
export interface VaultToken {
  readonly from: string;
  /** Never shown. */
  readonly value: string;
}

/** Where there is no token, why: in words to stand behind "there is no token". */
export type FoundToken = VaultToken | { readonly from: null; readonly why: string };

/**
 * The user's token: that of `VAULT_TOKEN`; else what the token helper gives that the configuration of Vault names; else that of
 * `~/.vault-token`, where `vault login` leaves it.
 */
export async function findToken(world: KeyWorld): Promise<FoundToken> {
  const given = vaultVariable(world.env, 'TOKEN');
  if (given !== null) return { from: `the token of ${given.name}`, value: given.value.trim() };
  const helper = await tokenHelper(world);
  if (helper !== null) return askHelper(helper, world);
  const file = paths(world).join(world.home, '.vault-token');
  const value = (await readText(file, world))?.trim() ?? '';
  return value === '' ? { from: null, why: `neither in VAULT_TOKEN nor in ${file}` } : { from: `the token in ${file}`, value };
}

/** The program that `token_helper` names in `~/.vault`, or in the file of VAULT_CONFIG_PATH. */
async function tokenHelper(world: KeyWorld): Promise<string | null> {
  const file = vaultVariable(world.env, 'CONFIG_PATH')?.value ?? paths(world).join(world.home, '.vault');
  const text = await readText(file, world);
  const named = /^\s*token_helper\s*=\s*"([^"\\]+)"/m.exec(text ?? '')?.[1];
  return named === undefined ? null : named.replace(/^~(?=[/\\])/, () => world.home);
}

/** What it says on its error stream stays hidden: it may have said the token. */
async function askHelper(helper: string, world: KeyWorld): Promise<FoundToken> {
  const failedWith = (why: string): FoundToken => ({ from: null, why: `the token helper ${helper} ${why}` });
  try {
    const { status, stdout } = await world.programs.run({ file: helper, args: ['get'], env: world.env, deadlineMs: 10_000 });
    const value = Buffer.from(stdout).toString().trim();
    if (status !== 0) return failedWith(`ended with ${status === null ? 'a signal' : `the status ${status}`}`);
    return value === '' ? failedWith('has none') : { from: `the token of ${helper}`, value };
  } catch (error) {
    const code = codeOf(error);
    if (code === null) throw error;
    return failedWith(`cannot be run (${code})`);
  }
}

/** `null` where there is no such file. One that may not be read is as good as none: the report names it. */
async function readText(file: string, { files }: KeyWorld): Promise<string | null> {
  try {
    return Buffer.from(await files.read(file)).toString();
  } catch (error) {
    if (codeOf(error) !== null) return null;
    throw error;
  }
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error ? String(error.code) : null;
}

function paths({ platform }: KeyWorld): typeof posix {
  return platform === 'win32' ? win32 : posix;
}
