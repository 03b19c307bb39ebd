import { ValueCipher } from './core/cipher.ts';
import { SealMemory } from './core/memory.ts';
import { writeMetadata } from './core/metadata.ts';
import type { Metadata } from './core/metadata.ts';
import { SecError } from './core/problem.ts';
import { sameSealedScalar, sameTree } from './core/same-tree.ts';
import { sealTree } from './core/seal.ts';
import type { SealedTree, SealVisitor } from './core/seal.ts';
import { compileSelector, defaultSelector } from './core/selection.ts';
import { formatTime } from './core/time.ts';
import type { Tree } from './core/tree.ts';
import { formatVersion, raiseVersion } from './core/version.ts';
import type { Format, Source } from './formats/format.ts';
import type { MasterKey } from './keys/key.ts';
import { wrapDataKey } from './keys/unlock.ts';
import { recordEvent } from './secret-audit.ts';
import { placeBlock } from './secret-block.ts';
import { checkConverted, openedMac } from './secret-convert.ts';
import { pathOf } from './secret-file.ts';
import type { SealedInput, SecretFile, Session } from './secret-file.ts';
import { sealText } from './secret-text-seal.ts';
import type { SealTextOptions } from './secret-text-seal.ts';

/** Plain bytes to a sealed file. Nothing is written here: the caller gets bytes that were read again and compared. */

/** For whom and how a new file is sealed. */
export interface SealPlan {
  readonly groups: readonly (readonly MasterKey[])[];
  /** `null` where nobody said: then all groups are needed. */
  readonly threshold: number | null;
  readonly selector: Metadata['selector'];
  readonly macOnlyEncrypted: boolean;
}

export interface OutputOptions {
  readonly format: Format;
  /** `null`: the format's own. */
  readonly indent: number | null;
}

/** A file that was sealed, and what became of its values. */
export interface SealedFile {
  readonly bytes: Uint8Array;
  readonly sealed: number;
  /** Paths of the values that stay in the clear. */
  readonly clear: readonly string[];
}

/**
 * Seals a plain text under a new data key.
 *
 * @param output the format to write, which may be another
 * @throws SecError as `Format.read`, `already-encrypted`, `cannot-encrypt`, `cannot-write`, `wrap-failed`, `empty-group`
 */
export async function sealNewFile(session: Session, input: SealedInput, plan: SealPlan, output: OutputOptions): Promise<SealedFile> {
  const source = readPlain(input.format, input.bytes, input.file);
  const { metadata, options } = await newLock(session, input, plan);
  if (output.format.name === input.format.name) return sealSource(source, metadata, options, null);
  // Asked only whether it has room for a block: what stands in its place is no part of the tree, and would be lost.
  input.format.addMetadata(source, new Map());
  return sealTreeAs(source.tree, metadata, options, output);
}

/** A data key that is wrapped already, and what seals under it. */
export interface NewLock {
  /** Without a MAC. */
  readonly metadata: Metadata;
  readonly options: SealTextOptions;
}

/** A new data key for the people of a plan. @throws SecError `wrap-failed`, `empty-group`, `bad-threshold` */
export async function newLock(session: Session, input: Omit<SealedInput, 'bytes'>, plan: SealPlan): Promise<NewLock> {
  const { file, format } = input;
  const metadata = newMetadata(format, plan, formatTime(session.context.now()));
  const selection = await compileSelector(metadata.selector ?? defaultSelector, file);
  const dataKey = session.context.random(32);
  const { groups, threshold } = plan;
  const wrapped = await wrapDataKey({ groups, threshold, dataKey, createdAt: metadata.lastModified, file }, session.keys);
  await recordEvent(session.context, 'encrypt', pathOf(input));
  const cipher = new ValueCipher(dataKey);
  dataKey.fill(0);
  return {
    metadata: { ...metadata, ...wrapped },
    options: {
      format,
      file,
      selection,
      cipher,
      macOnlyEncrypted: metadata.macOnlyEncrypted,
      memory: new SealMemory(),
      random: (length) => session.context.random(length),
    },
  };
}

/** @throws SecError `already-encrypted`, and as `Format.read` */
export function readPlain(format: Format, bytes: Uint8Array, file: string): Source {
  const source = format.read(bytes, file);
  if (source.metadata !== null) throw new SecError({ code: 'already-encrypted', file });
  return source;
}

/** A whole file has no values to select, and its block names no selector (`sops-format.md` §6). */
function newMetadata({ name }: Format, plan: SealPlan, lastModified: string): Metadata {
  const isWhole = name === 'binary';
  return {
    groups: [],
    threshold: 0,
    selector: isWhole ? null : (plan.selector ?? defaultSelector),
    macOnlyEncrypted: plan.macOnlyEncrypted && !isWhole,
    lastModified,
    mac: '',
    version: formatVersion,
    layout: null,
    stored: new Map(),
  };
}

/** What else changes when a file is sealed again. */
export interface ResealOptions {
  /** `edit` raises the version of an older file (`sops-format.md` §14). */
  readonly raiseVersion: boolean;
  /** Seals even a text that is as it was, since not all of it was encrypted. */
  readonly always?: boolean;
  /** The format to write, where it is another: then the text is printed anew. */
  readonly output?: OutputOptions | null;
}

/**
 * Seals the changed plain text of a file under the data key it has. What did not change keeps its ciphertext, its text and its line.
 *
 * @returns `null` where nothing has changed
 * @throws SecError as `sealNewFile`
 */
export function resealFile(
  session: Session,
  old: SecretFile,
  plain: Uint8Array,
  { raiseVersion: raises, always, output }: ResealOptions,
): SealedFile | null {
  if (!always && Buffer.compare(plain, old.plain()) === 0) return null;
  const version = raises ? raiseVersion(old.metadata.version, formatVersion) : old.metadata.version;
  const options: SealTextOptions = {
    ...old.textOptions,
    memory: old.text.memory(),
    random: (length) => session.context.random(length),
  };
  const metadata = { ...old.metadata, version, lastModified: formatTime(session.context.now()) };
  const source = readPlain(old.format, plain, old.file);
  if (output) return sealTreeAs(source.tree, { ...metadata, layout: null }, options, output);
  return sealSource(source, metadata, options, old.text.source);
}

/** In the same format: the layout stays, and so does the text of an old block. @throws SecError `cannot-encrypt` */
export function sealSource(source: Source, metadata: Metadata, options: SealTextOptions, old: Source | null): SealedFile {
  const sealed = sealText(source, options);
  const block = writeMetadata(withMac({ ...metadata, layout: sealed.layout }, sealed.mac, options));
  const bytes = options.format.encode(placeBlock(sealed.text, block, old, options));
  checkWritten(bytes, sealed, options);
  return { bytes, sealed: sealed.sealed, clear: sealed.clear };
}

/** What has no layout to keep is printed once it is sealed (`sops-format.md` §9). @throws SecError `cannot-encrypt`, `cannot-write` */
export function sealTreeAs(tree: Tree, metadata: Metadata, options: SealTextOptions, output: OutputOptions): SealedFile {
  const sealed = sealTree(tree, { ...options, textOf: () => '' }, noted);
  const block = writeMetadata(withMac(metadata, sealed.mac, options));
  const text = output.format.print(sealed.tree, block, { file: options.file, indent: output.indent });
  const bytes = output.format.encode(text);
  checkConverted(bytes, sealed, output.format, options);
  return { bytes, sealed: sealed.sealed, clear: sealed.clear };
}

/** What has no places needs no notes. */
const noted: SealVisitor = { sealed: () => undefined, clear: () => undefined, enter: () => undefined };

function withMac(metadata: Metadata, mac: string, { cipher, random }: SealTextOptions): Metadata {
  return { ...metadata, mac: cipher.seal(Buffer.from(mac), 'str', metadata.lastModified, random(32)) };
}

/** What was written opens to what was meant, or nobody gets it. @throws SecError `cannot-encrypt` */
function checkWritten(bytes: Uint8Array, { tree, mac }: SealedTree, options: SealTextOptions): void {
  const { format, file } = options;
  const read = format.read(bytes, file);
  const isSame = read.metadata !== null && sameTree(tree, read.tree, sameSealedScalar);
  if (isSame && opensTo(mac, read.tree, options)) return;
  throw new SecError({ code: 'cannot-encrypt', file, key: 'the document', reason: 'its layout cannot hold encrypted values and metadata' });
}

function opensTo(mac: string, tree: Tree, options: SealTextOptions): boolean {
  try {
    return openedMac(tree, options) === mac;
  } catch (error) {
    if (error instanceof SecError) return false;
    throw error;
  }
}
