import { posix, win32 } from 'node:path';
import type { TlsSettings } from '../context.ts';
import type { Failure, KeyWorld } from './key.ts';
import { vaultVariable } from './vault-variable.ts';

/** How servers show who they are, or why that cannot be found out. */
export type VaultTls = { readonly settings: TlsSettings } | { readonly failure: Failure };

/** Certificates by the variables of Vault. `VAULT_SKIP_VERIFY` counts for nothing: a token would go to whoever answers. */
export async function vaultTls(world: KeyWorld): Promise<VaultTls> {
  try {
    const certificate = await named('CLIENT_CERT', world);
    const key = await named('CLIENT_KEY', world);
    const serverName = vaultVariable(world.env, 'TLS_SERVER_NAME')?.value ?? null;
    return { settings: { ca: await authorities(world), certificate, key, serverName } };
  } catch (error) {
    if (error instanceof Unreadable) return { failure: error.failure };
    throw error;
  }
}

/** The first that is given, as in Vault: a text, a file, a folder of files. */
async function authorities(world: KeyWorld): Promise<string | null> {
  const text = vaultVariable(world.env, 'CACERT_BYTES')?.value ?? (await named('CACERT', world));
  if (text !== null) return text;
  const folder = vaultVariable(world.env, 'CAPATH');
  if (folder === null) return null;
  return readable(folder, async () => {
    const names = await world.files.list(folder.value);
    const join = (world.platform === 'win32' ? win32 : posix).join;
    return (await Promise.all(names.map((name) => textOf(join(folder.value, name), world)))).join('\n');
  });
}

async function named(name: string, world: KeyWorld): Promise<string | null> {
  const file = vaultVariable(world.env, name);
  return file === null ? null : readable(file, () => textOf(file.value, world));
}

async function textOf(file: string, { files }: KeyWorld): Promise<string> {
  return Buffer.from(await files.read(file)).toString();
}

async function readable<T>({ name, value }: { readonly name: string; readonly value: string }, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new Unreadable({
      reason: 'bad-key-file',
      detail: `${name} names ${value}, which cannot be read (${String(error.code)})`,
      hint: `ls -l "$${name}"`,
    });
  }
}

class Unreadable extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super('a file cannot be read');
    this.failure = failure;
  }
}
