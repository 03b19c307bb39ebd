import { isPluginName } from './age-recipient.ts';
import { decodeBech32 } from './bech32.ts';

/** One secret key of age, as it stands in a key file. */
export type AgeIdentity =
  | { readonly kind: 'x25519'; readonly text: string; readonly secret: Uint8Array }
  | { readonly kind: 'hybrid'; readonly text: string }
  /** Only the program `age-plugin-<name>` can use it. */
  | { readonly kind: 'plugin'; readonly text: string; readonly plugin: string };

/** What a place of identities held. The warnings name lines by number and never show them. */
export interface IdentityList {
  readonly identities: readonly AgeIdentity[];
  readonly warnings: readonly string[];
}

const SECRET_LENGTH = 32;
const X25519_PREFIX = 'AGE-SECRET-KEY-';
const HYBRID_PREFIX = 'AGE-SECRET-KEY-PQ-';
const PLUGIN_PREFIX = 'AGE-PLUGIN-';

/**
 * Reads identities, one a line; empty lines and lines that begin with `#` are none. A bad line costs a warning and not the others.
 *
 * @param place how to call the text in a warning
 * @param several whether a line may hold several, with space between and around: so it is in a variable
 */
export function parseIdentities(text: string, place: string, several: boolean): IdentityList {
  const identities: AgeIdentity[] = [];
  const warnings: string[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const parsed = parseLine(several ? line.trim() : line.trimEnd(), several).map(parseIdentity);
    identities.push(...parsed.filter((identity) => typeof identity !== 'string'));
    const reason = parsed.find((identity) => typeof identity === 'string');
    if (reason !== undefined) warnings.push(`${place}, line ${index + 1}, was left out: ${reason}`);
  }
  return { identities, warnings };
}

function parseLine(line: string, several: boolean): readonly string[] {
  if (line === '' || line.startsWith('#')) return [];
  return several ? line.split(/\s+/) : [line];
}

/** The reason where the text is no identity. */
function parseIdentity(text: string): AgeIdentity | string {
  if (/^\s/.test(text)) return 'space stands before the key';
  if (!text.startsWith(X25519_PREFIX) && !text.startsWith(PLUGIN_PREFIX)) return 'it is no age identity';
  const decoded = decodeBech32(text);
  if (decoded === null) return 'the key is damaged: its checksum does not match';
  const { prefix, bytes } = decoded;
  if (prefix.startsWith(PLUGIN_PREFIX)) return plugin(text, prefix);
  if (bytes.length !== SECRET_LENGTH) return 'the key is cut short or too long';
  if (prefix === X25519_PREFIX) return { kind: 'x25519', text, secret: bytes };
  return prefix === HYBRID_PREFIX ? { kind: 'hybrid', text } : 'it is an age identity of an unknown kind';
}

function plugin(text: string, prefix: string): AgeIdentity | string {
  const name = /^AGE-PLUGIN-(.+)-$/.exec(prefix)?.[1]?.toLowerCase();
  return name !== undefined && isPluginName(name) ? { kind: 'plugin', text, plugin: name } : 'it names no plugin';
}
