import type { Context } from './context.ts';
import { ValueCipher, parseSealed, CipherError } from './core/cipher.ts';
import { sameMac } from './core/mac.ts';
import { readMetadata } from './core/metadata.ts';
import type { Metadata } from './core/metadata.ts';
import { SecError } from './core/problem.ts';
import { compileSelector, defaultSelector } from './core/selection.ts';
import { timeInSeconds } from './core/time.ts';
import type { Tree } from './core/tree.ts';
import { checkVersion } from './core/version.ts';
import type { Format } from './formats/format.ts';
import type { KeyWorld } from './keys/key.ts';
import { unlockDataKey } from './keys/unlock.ts';
import { recordEvent } from './secret-audit.ts';
import { openText } from './secret-text-open.ts';
import type { OpenedText } from './secret-text-open.ts';
import type { TextOptions } from './secret-text.ts';

/** Bytes to open document: format, rule and keys put together. The way back is `secret-seal.ts`. */

/** What every operation on a file has at hand. One command makes one. */
export interface Session {
  readonly context: Context;
  readonly keys: KeyWorld;
}

/** @param given variables that options stand for; keys see them in place of those of the environment */
export function startSession(context: Context, given: Context['env'] = {}): Session {
  const keys: KeyWorld = {
    env: { ...context.env, ...given },
    home: context.home,
    platform: context.platform,
    files: context.files,
    programs: context.programs,
    network: context.network,
    configured: async (kind, file) => (await import('./secret-configured.ts')).configuredRecipients(context, kind, file),
    limits: async () => (await import('./secret-limits.ts')).configuredLimits(context, keys.env),
    now: () => context.now(),
    // Looked for when a key asks: a terminal and a name cost a start, and few files need either.
    get hostname() {
      return context.hostname;
    },
    get terminal() {
      return context.terminal;
    },
    warn: (text) => context.err(text),
    notify: (text) => context.err(text),
    memory: new Map(),
  };
  return { context, keys };
}

/** The bytes of a sealed file, and what they are. */
export interface SealedInput {
  /** As it was typed; `null` for standard input. Not given: `file` is that. */
  readonly path?: string | null;
  /** Name for messages. */
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly format: Format;
}

/** The path for the logs: what was typed, whatever stands for it in messages. */
export function pathOf({ path, file }: Pick<SealedInput, 'path' | 'file'>): string | null {
  return path === undefined ? file : path;
}

export interface OpenOptions {
  readonly ignoreMac: boolean;
  /** The text of `--decryption-order`, `null` where it was not given. */
  readonly decryptionOrder: string | null;
  /** Whether values that are not encrypted yet are taken as they are, for `encrypt`. Default: they are refused. */
  readonly takesNew?: boolean;
}

/** A sealed file, opened and verified. */
export interface SecretFile extends SealedInput {
  readonly metadata: Metadata;
  /** The values in the clear. */
  readonly tree: Tree;
  readonly text: OpenedText;
  /** What seals it again as it was sealed. */
  readonly textOptions: TextOptions;
  /** The plain bytes, laid out as they were before they were sealed. @throws SecError `cannot-write` */
  plain(): Uint8Array;
}

/** What a sealed file says of itself, without a key. @throws SecError `not-encrypted`, `bad-metadata`, and as `Format.read` */
export function inspectFile({ file, bytes, format }: SealedInput): { readonly metadata: Metadata; readonly tree: Tree } {
  const { metadata, tree } = format.read(bytes, file);
  if (metadata === null) throw new SecError({ code: 'not-encrypted', file });
  return { metadata: readMetadata(metadata, file), tree };
}

/**
 * Opens a file: data key, values, MAC, in this order, and shows nothing before all three are right.
 *
 * @throws SecError as `inspectFile`, `bad-version`, `no-key-opened`, `value-rejected`, `mac-mismatch`, `mac-missing`
 */
export async function openSecretFile(session: Session, input: SealedInput, options: OpenOptions): Promise<SecretFile> {
  const { file, bytes, format } = input;
  const source = format.read(bytes, file);
  if (source.metadata === null) throw new SecError({ code: 'not-encrypted', file });
  const metadata = readMetadata(source.metadata, file);
  checkVersion(metadata.version, file);
  const selection = await compileSelector(metadata.selector ?? defaultSelector, file);
  const { dataKey, openedBy } = await unlockDataKey(metadata, session.keys, { order: options.decryptionOrder, file });
  await recordEvent(session.context, 'decrypt', pathOf(input), openedBy);
  const cipher = new ValueCipher(dataKey);
  const given: TextOptions = { format, cipher, selection, macOnlyEncrypted: metadata.macOnlyEncrypted, file };
  const text = openText(source, metadata.layout, given, options.takesNew);
  if (!options.ignoreMac) verifyMac(metadata, text.mac, cipher, file);
  if (text.keptComments > 0)
    session.context.err(`sec: ${file}: ${text.keptComments} encrypted comments cannot be decrypted and stay as they are`);
  const textOptions = { ...given, format: format.after?.(text) ?? format };
  return { ...input, format: textOptions.format, metadata, tree: text.tree, text, textOptions, plain: () => format.encode(text.plain()) };
}

/** `sops-format.md` §12.3. @throws SecError `mac-missing`, `mac-mismatch` */
function verifyMac(metadata: Metadata, computed: string, cipher: ValueCipher, file: string): void {
  if (metadata.mac === '') throw new SecError({ code: 'mac-missing', file });
  const sealed = parseSealed(metadata.mac);
  if (sealed === null) throw new SecError({ code: 'mac-mismatch', file });
  try {
    const stored = cipher.open(sealed, timeInSeconds(metadata.lastModified)).toString('utf8');
    if (!sameMac(stored, computed)) throw new SecError({ code: 'mac-mismatch', file });
  } catch (cause) {
    if (cause instanceof CipherError) throw new SecError({ code: 'mac-mismatch', file }, { cause });
    throw cause;
  }
}
