import type { StoredKey } from '../core/metadata.ts';

/** A key of a transit engine, as people and files name it (`sops-format.md` §15.6). Nothing in it is checked. */
export interface VaultKey {
  /** `https://HOST:PORT`. */
  readonly address: string;
  /** Where the engine is mounted: `transit`, or several words with slashes. */
  readonly engine: string;
  readonly name: string;
}

/** `SCHEME://HOST/v1/ENGINE/keys/NAME`. The word before the name may be any, as in sops. `null` for what does not look so. */
export function parseVaultUri(text: string): VaultKey | null {
  const [, address = '', path = ''] = /^([A-Za-z][\w+.-]*:\/\/[^/?#]+)\/+v\d+\/(.+)$/.exec(text.trim()) ?? [];
  const words = path.replace(/\/+$/, '').split('/');
  const name = words.at(-1) ?? '';
  return words.length < 3 ? null : { address, engine: words.slice(0, -2).join('/'), name };
}

/** The key of an entry in a file. */
export function readVaultKey({ fields }: StoredKey): VaultKey {
  const text = (name: string): string => textOf(fields.get(name)).trim();
  return { address: text('vault_address'), engine: text('engine_path'), name: text('key_name') };
}

/** The name by which sops compares keys. */
export function labelOf({ address, engine, name }: VaultKey): string {
  return `${address}/v1/${engine}/keys/${name}`;
}

/** What keeps a key from being used; `null` where nothing does. */
export function faultOf({ address, engine, name }: VaultKey): string | null {
  if (originOf(address) === null) return 'its server is no address, as in https://HOST:PORT';
  const words = [...engine.split('/'), name];
  return words.every((word) => !['', '.', '..'].includes(word)) ? null : 'its path is none, as in /v1/transit/keys/NAME';
}

/** An address as all its spellings have it; `null` for one that is more or less than scheme, host and port. */
export function originOf(address: string): string | null {
  if (!URL.canParse(address)) return null;
  const { protocol, username, password, pathname, search, hash, origin } = new URL(address);
  const isBare = username === '' && password === '' && pathname === '/' && search === '' && hash === '';
  return isBare && (protocol === 'http:' || protocol === 'https:') ? origin : null;
}

/** The path of a call, as policies name it: `transit/decrypt/NAME`. */
export function pathOf({ engine, name }: VaultKey, action: 'encrypt' | 'decrypt'): string {
  return `${engine}/${action}/${name}`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
