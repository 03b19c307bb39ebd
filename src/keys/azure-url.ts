import type { StoredKey } from '../core/metadata.ts';

/** A key of Azure Key Vault, as people and files name it (`sops-format.md` §15.5). Nothing in it is checked. */
export interface AzureKey {
  /** `https://HOST`, without a slash behind it. */
  readonly vault: string;
  readonly name: string;
  /** Empty where nobody said which: then it is the newest one that the vault has. */
  readonly version: string;
}

/** `https://HOST/keys/NAME`, with or without `/VERSION`. `null` for what does not look so. */
export function parseAzureUrl(text: string): AzureKey | null {
  const [, vault, name, version = ''] = /^(https:\/\/[^/?#]+)\/+keys\/([^/?#]+)(?:\/([^/?#]*))?$/.exec(text.trim()) ?? [];
  return vault === undefined || name === undefined ? null : { vault, name, version };
}

/** The key of an entry in a file. A rule with groups may have written a slash behind its vault. */
export function readAzureKey({ fields }: StoredKey): AzureKey {
  const text = (name: string): string => textOf(fields.get(name)).trim();
  return { vault: text('vault_url').replace(/\/+$/, ''), name: text('name'), version: text('version') };
}

/** The name by which sops compares keys. */
export function labelOf({ vault, name, version }: AzureKey): string {
  return version === '' ? `${vault}/keys/${name}` : `${vault}/keys/${name}/${version}`;
}

/** What keeps a key from being used; `null` where nothing does. */
export function faultOf({ vault, name, version }: AzureKey): string | null {
  if (originOf(vault) === null) return 'its vault is no address, as in https://NAME.vault.azure.net';
  return /^[\w-]+$/.test(name) && /^[\w-]*$/.test(version)
    ? null
    : 'it is no key of a vault, as in https://NAME.vault.azure.net/keys/KEY/VERSION';
}

/** An address as all its spellings have it; `null` for one that is more or less than scheme, host and port. */
export function originOf(vault: string): string | null {
  if (!URL.canParse(vault)) return null;
  const { protocol, username, password, pathname, search, hash, origin } = new URL(vault);
  const isBare = username === '' && password === '' && pathname === '/' && search === '' && hash === '';
  return isBare && protocol === 'https:' ? origin : null;
}

/** The name of a vault, by which az knows it. */
export function nameOfVault(vault: string): string {
  return URL.canParse(vault) ? (new URL(vault).hostname.split('.')[0] ?? '') : '';
}

/** The domains that vaults and managed HSMs have in the clouds of Microsoft, where nobody else can be. */
const clouds = ['vault.azure.net', 'vault.azure.cn', 'vault.usgovcloudapi.net', 'vault.microsoftazure.de'];
const hsms = ['managedhsm.azure.net', 'managedhsm.azure.cn', 'managedhsm.usgovcloudapi.net'];

/** Whether an address is that of a vault of Microsoft's: a name of one word before such a domain, and no other port. */
export function isOfAzure(vault: string): boolean {
  const origin = originOf(vault);
  if (origin === null) return false;
  const { host } = new URL(origin);
  const at = host.indexOf('.');
  return at > 0 && [...clouds, ...hsms].includes(host.slice(at + 1));
}

/**
 * Whether a token for that service may go to a vault: it must be one for vaults, or for the domain that the vault is in. Any other
 * could be used elsewhere by whoever runs the vault.
 */
export function isForVaults(scope: string, vault: string): boolean {
  if (!URL.canParse(scope) || !URL.canParse(vault)) return false;
  const [service, host] = [new URL(scope).hostname, new URL(vault).hostname];
  return [...clouds, ...hsms].includes(service) || host === service || host.endsWith(`.${service}`);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
