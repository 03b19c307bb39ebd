import { noRecipientFlags } from './config/environment.ts';
import type { Context } from './context.ts';
import { parsePath } from './core/path.ts';
import { valueAt, valuesOf } from './core/tree-path.ts';
import type { Node, Scalar } from './core/tree.ts';
import type { FormatName } from './formats/format.ts';
import { nodeContext } from './node-context.ts';
import { openSecretFile, startSession } from './secret-file.ts';
import { planFor } from './secret-plan.ts';
import { sealNewFile } from './secret-seal.ts';
import { formatFor, readTarget } from './secret-target.ts';

/** The library: files opened and sealed without a process. All functions take a world; without one it is that of Node. */

export type { Context, Files, FileStat, Finished, HttpAnswer, HttpRequest, Network, Program, Programs } from './context.ts';
export type { Terminal, TlsSettings, WriteOptions } from './context.ts';
export { SecError } from './core/problem.ts';
export type { Attempt, Problem, UnlockReport, UnwrapReason } from './core/problem.ts';
export type { FormatName } from './formats/format.ts';
export { nodeContext } from './node-context.ts';

/**
 * A value as JavaScript has it. A whole number beyond 2⁵³ is a `bigint`, a time is RFC 3339 text, a string that is no UTF-8 is its
 * bytes. Maps have no prototype, so that no key can be mistaken for anything else.
 */
export type SecretValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | Uint8Array
  | readonly SecretValue[]
  | { readonly [key: string]: SecretValue };

/** How a file is read. */
export interface ReadOptions {
  /** The world to read in. Default: Node's own. */
  readonly context?: Context;
  /** The format, whatever the name of the file says. */
  readonly format?: FormatName;
  /** Opens the file though its MAC does not fit. */
  readonly ignoreMac?: boolean;
}

/** An encrypted file, opened and verified. */
export interface Secrets {
  readonly format: FormatName;
  /** The plain text, laid out as it was before it was encrypted. @throws SecError `cannot-write` */
  plain(): Uint8Array;
  /** The first document as a JavaScript value. Comments are left out. */
  values(): SecretValue;
  /** One value by its path, such as `db.password` or `hosts[0]`; `undefined` where there is none. @throws SecError `bad-path` */
  get(path: string): SecretValue | undefined;
}

/**
 * Opens an encrypted file. Data key, values and MAC are verified before anything is given.
 *
 * @throws SecError e.g. `file-missing`, `not-encrypted`, `no-key-opened`, `value-rejected`, `mac-mismatch`
 */
export async function openSecrets(path: string, options: ReadOptions = {}): Promise<Secrets> {
  const session = startSession(options.context ?? nodeContext());
  const target = await readTarget(session, path, { inputType: options.format ?? null, nameOverride: null });
  const file = await openSecretFile(session, target, { ignoreMac: options.ignoreMac ?? false, decryptionOrder: null });
  const root = file.tree.documents[0] ?? { kind: 'map', items: [], place: null };
  return {
    format: file.format.name,
    plain: () => file.plain(),
    values: () => plainValue(root),
    get(at) {
      const node = valueAt(root, parsePath(at, 'extract'));
      return node === null ? undefined : plainValue(node);
    },
  };
}

/** For whom a text is encrypted. */
export interface EncryptOptions {
  readonly context?: Context;
  /** age recipients. Default: those of the rule that the configuration has for the name. */
  readonly age?: readonly string[];
  /** Fingerprints of OpenPGP keys. */
  readonly pgp?: readonly string[];
}

/**
 * Encrypts the values of a text.
 *
 * @param name decides on format and rule, as the name of a file does
 * @returns the bytes of the encrypted file
 * @throws SecError e.g. `malformed`, `already-encrypted`, `no-recipients`, `bad-recipient`, `wrap-failed`
 */
export async function encryptText(plain: Uint8Array | string, name: string, options: EncryptOptions = {}): Promise<Uint8Array> {
  const session = startSession(options.context ?? nodeContext());
  const format = await formatFor(name, null);
  const plan = await planFor(session, name, {
    config: null,
    recipients: { ...noRecipientFlags, age: options.age?.join(',') ?? null, pgp: options.pgp?.join(',') ?? null },
    selectors: {},
    macOnlyEncrypted: null,
    threshold: null,
  });
  const sealed = await sealNewFile(session, { file: name, bytes: Buffer.from(plain), format }, plan, { format, indent: null });
  return sealed.bytes;
}

function plainValue(node: Node): SecretValue {
  if (node.kind === 'leaf') return plainScalar(node.value);
  if (node.kind === 'list') return valuesOf(node).map(plainValue);
  const entries = node.items.flatMap((item): [string, SecretValue][] =>
    item.kind === 'entry' ? [[item.key, plainValue(item.value)]] : [],
  );
  const map = Object.fromEntries(entries);
  Object.setPrototypeOf(map, null);
  return map;
}

function plainScalar(value: Scalar): SecretValue {
  switch (value.type) {
    case 'null':
      return null;
    case 'bytes':
      return Uint8Array.from(value.bytes);
    case 'bool':
      return value.value;
    case 'float':
      return Number(value.text.replace(/^([+-]?)inf(?:inity)?$/i, '$1Infinity'));
    case 'int':
      return Number.isSafeInteger(Number(value.text)) ? Number(value.text) : BigInt(value.text);
    case 'str':
    case 'time':
      return value.text;
  }
}
