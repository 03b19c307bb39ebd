/** The flags of sops, and which command takes which (`sops-cli.md` §4). */

/** A switch is `--flag` or `--flag=true`; of a list every value counts, of everything else the last. */
export type FlagKind = 'switch' | 'text' | 'number' | 'list';

export interface SopsFlag {
  readonly name: string;
  /** A second name, `null` where it has none. */
  readonly alias: string | null;
  readonly kind: FlagKind;
  /** The commands that take it. `root` is the command line without a command. */
  readonly takenBy: readonly string[];
  /** The commands that take it and do nothing with it. */
  readonly idleIn: readonly string[];
  /** What the form without a command does with it beyond the command that it stands for. */
  readonly rootFor: readonly string[];
}

const modes = ['encrypt', 'decrypt', 'edit', 'rotate', 'set'];
const newFile = ['root', 'encrypt', 'edit'];
const opens = ['root', 'decrypt', 'edit', 'rotate', 'set', 'unset', 'exec-env', 'exec-file', 'publish'];
const useKeys = [...opens, 'encrypt', 'updatekeys', 'groups add', 'groups delete'];
const groups = ['groups add', 'groups delete'];
const every = [...useKeys, 'filestatus', 'keyservice', 'groups', 'completion', 'completion bash', 'completion zsh'];

const keyKinds = ['kms', 'pgp', 'age', 'gcp-kms', 'hckms', 'azure-kv', 'hc-vault-transit'];
const shortKeys: Readonly<Record<string, string>> = { kms: 'k', pgp: 'p', age: 'a' };

/** Every flag. A new one of sops is its line here. */
export const sopsFlags: readonly SopsFlag[] = [
  flag('decrypt d', 'switch', ['root']),
  flag('encrypt e', 'switch', ['root']),
  flag('rotate r', 'switch', ['root']),
  flag('set', 'text', ['root']),
  flag('in-place i', 'switch', ['root', 'encrypt', 'decrypt', 'rotate', ...groups]),
  flag('output', 'text', ['root', 'encrypt', 'decrypt', 'rotate']),
  flag('input-type', 'text', ['root', ...modes, 'unset', 'exec-file', 'updatekeys', 'filestatus']),
  flag('output-type', 'text', ['root', ...modes, 'unset', 'exec-file']),
  flag('filename-override', 'text', ['root', 'encrypt', 'decrypt', 'rotate'], { rootFor: ['edit'] }),
  flag('extract', 'text', ['root', 'decrypt']),
  flag('ignore-mac', 'switch', ['root', 'decrypt', 'edit', 'set', 'unset'], { rootFor: ['rotate'] }),
  flag('show-master-keys s', 'switch', ['root', 'edit']),
  flag('decryption-order', 'text', opens),
  ...keyKinds.map((kind) => flag([kind, shortKeys[kind] ?? ''].join(' ').trim(), 'text', newFile)),
  ...keyKinds.map((kind) => flag(kind, 'list', ['groups add'])),
  flag('aws-profile', 'text', [...newFile, 'groups add'], { rootFor: ['rotate'] }),
  flag('encryption-context', 'text', [...newFile, 'rotate', 'groups add']),
  flag('shamir-secret-sharing-threshold', 'number', [...newFile, 'set', 'unset', ...groups], { idleIn: ['set', 'unset'] }),
  ...['add', 'rm'].flatMap((does) => keyKinds.map((kind) => flag(`${does}-${kind}`, 'text', ['root', 'rotate']))),
  ...['unencrypted-suffix', 'encrypted-suffix', 'unencrypted-regex', 'encrypted-regex'].map((name) => flag(name, 'text', newFile)),
  flag('unencrypted-comment-regex', 'text', ['root'], { rootFor: ['encrypt', 'edit'] }),
  flag('encrypted-comment-regex', 'text', ['root'], { rootFor: ['encrypt', 'edit'] }),
  flag('mac-only-encrypted', 'switch', ['root'], { rootFor: ['encrypt', 'edit'] }),
  flag('config', 'text', ['root'], { rootFor: ['encrypt', 'decrypt', 'edit'] }),
  flag('indent', 'number', ['root'], { rootFor: modes }),
  flag('verbose', 'switch', ['root', 'publish', 'keyservice'], { rootFor: modes.filter((mode) => mode !== 'encrypt') }),
  flag('disable-version-check', 'switch', ['root']),
  flag('check-for-updates', 'switch', ['root']),
  flag('enable-local-keyservice', 'switch', useKeys),
  flag('keyservice', 'list', useKeys),
  flag('value-file', 'switch', ['set']),
  flag('value-stdin', 'switch', ['set']),
  flag('idempotent', 'switch', ['set', 'unset']),
  flag('background', 'switch', ['exec-env', 'exec-file']),
  flag('pristine', 'switch', ['exec-env']),
  flag('same-process', 'switch', ['exec-env']),
  flag('user', 'text', ['exec-env', 'exec-file']),
  flag('no-fifo', 'switch', ['exec-file']),
  flag('filename', 'text', ['exec-file']),
  flag('yes y', 'switch', ['publish', 'updatekeys']),
  flag('recursive', 'switch', ['publish']),
  flag('omit-extensions', 'switch', ['publish']),
  flag('file f', 'text', groups),
  flag('network net', 'text', ['keyservice']),
  flag('address addr', 'text', ['keyservice']),
  flag('prompt', 'switch', ['keyservice']),
  flag('help h', 'switch', ['root', ...every]),
  flag('version v', 'switch', ['root']),
];

/** The flag of a command by either of its names; `null` where the command has none. */
export function flagOf(command: string, name: string): SopsFlag | null {
  return sopsFlags.find((flag) => flag.takenBy.includes(command) && (flag.name === name || flag.alias === name)) ?? null;
}

interface Special {
  readonly idleIn?: readonly string[];
  readonly rootFor?: readonly string[];
}

function flag(names: string, kind: FlagKind, takenBy: readonly string[], { idleIn = [], rootFor = [] }: Special = {}): SopsFlag {
  const [name = '', alias = null] = names.split(' ');
  return { name, alias, kind, takenBy, idleIn, rootFor };
}
