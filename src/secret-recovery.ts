import { createHash } from 'node:crypto';
import { basename, isAbsolute, join, resolve } from 'node:path';

import type { Context } from './context.ts';
import { textOrBytes } from './core/cipher.ts';
import { SealMemory } from './core/memory.ts';
import type { Metadata } from './core/metadata.ts';
import { SecError } from './core/problem.ts';
import { compileSelector, defaultSelector } from './core/selection.ts';
import { formatTime } from './core/time.ts';
import { valueAt } from './core/tree-path.ts';
import type { Scalar, Tree } from './core/tree.ts';
import { formatVersion } from './core/version.ts';
import { loadFormat } from './formats/index.ts';
import { openSecretFile } from './secret-file.ts';
import type { OpenOptions, SecretFile, Session } from './secret-file.ts';
import { sealTreeAs } from './secret-seal.ts';
import type { SealTextOptions } from './secret-text-seal.ts';
import { readFile, saveFile } from './secret-target.ts';

/**
 * What was typed and could not be saved. It is kept as a sealed file of its own, under the data key of the file that it belongs to, so
 * that the same people can read it, and nobody else. Any program that reads sealed JSON gets the text out of it.
 */

/** A text that is kept. */
export interface KeptText {
  readonly text: Uint8Array;
  /** Whether the file still holds what it held when the text was typed. */
  readonly isCurrent: boolean;
}

/** A file that texts are kept of. */
export interface KeptOf {
  /** The path as it was given. */
  readonly path: string;
  /** What the file holds; `null` where it is not there yet. */
  readonly onDisk: Uint8Array | null;
}

/** The paths of all texts that are kept of a file, oldest first. */
export async function keptTexts({ context }: Session, path: string): Promise<readonly string[]> {
  const start = `${nameOf(context, path)}-`;
  const found: string[] = [];
  for (const folder of foldersOf(context)) {
    if ((await context.files.stat(folder))?.kind !== 'folder') continue;
    const names = await context.files.list(folder);
    found.push(...names.filter((name) => name.startsWith(start)).map((name) => join(folder, name)));
  }
  return found.sort((one, other) => (basename(one) < basename(other) ? -1 : 1));
}

/** @throws SecError as `openSecretFile`, and as files are read */
export async function openKeptText(session: Session, kept: string, of: KeptOf, options: OpenOptions): Promise<KeptText> {
  const format = await loadFormat('json');
  const input = { file: kept, bytes: await readFile(session, kept), format };
  const { tree } = await openSecretFile(session, input, { ...options, ignoreMac: false });
  return {
    text: bytesAt(tree, 'text', kept),
    isCurrent: Buffer.from(bytesAt(tree, 'base', kept)).toString('utf8') === digestOf(of.onDisk),
  };
}

/** Keeps the text of one edit session. All that takes time was done before the person began to type. */
export interface TextKeeper {
  /** Where the text is, `null` where none is kept. */
  kept(): string | null;
  /** The sealed text, as a file of its own. */
  seal(text: Uint8Array): Uint8Array;
  /** Stores a text in place of what was kept before. Waits for nothing: a signal finds it done. @throws SecError `file-unwritable` */
  keep(text: Uint8Array): Promise<string>;
  forget(): Promise<void>;
}

/** @param kept where an earlier text of the same session is, `null` where there is none */
export async function textKeeper(session: Session, file: SecretFile, of: KeptOf, kept: string | null): Promise<TextKeeper> {
  const { context } = session;
  const format = await loadFormat('json');
  const selection = await compileSelector(defaultSelector, file.file);
  const options: Omit<SealTextOptions, 'memory'> = {
    ...file.textOptions,
    format,
    selection,
    macOnlyEncrypted: false,
    random: (length) => context.random(length),
  };
  const seal = (text: Uint8Array): Uint8Array => {
    const tree = treeOf({ file: textOf(resolve(context.cwd, of.path)), base: textOf(digestOf(of.onDisk)), text: textOrBytes(text) });
    const metadata = blockOf(file.metadata, formatTime(context.now()));
    return sealTreeAs(tree, metadata, { ...options, memory: new SealMemory() }, { format, indent: null }).bytes;
  };
  let place = kept;
  return {
    kept: () => place,
    seal,
    keep: async (text) => (place = await store(session, place, nameOf(context, of.path), seal(text))),
    forget: async () => {
      if (place !== null) await context.files.remove(place);
      place = null;
    },
  };
}

/** In the first folder that takes it: the disk that is full may be the one that the file could not be saved on. */
async function store(session: Session, place: string | null, name: string, bytes: Uint8Array): Promise<string> {
  const { context } = session;
  if (place !== null) {
    await saveFile(session, place, bytes, { mode: 0o600 });
    return place;
  }
  const time = context
    .now()
    .toISOString()
    .replace(/[^0-9TZ]/g, '');
  const unique = `${name}-${time}-${Buffer.from(context.random(4)).toString('hex')}.json`;
  let failure: unknown = null;
  for (const path of foldersOf(context).map((folder) => join(folder, unique))) {
    try {
      await context.files.create(path, bytes, 0o600);
      return path;
    } catch (cause) {
      if (!(cause instanceof Error && 'code' in cause)) throw cause;
      failure ??= new SecError({ code: 'file-unwritable', file: path, reason: String(cause.code) }, { cause });
    }
  }
  throw failure;
}

/** Where state belongs, then what is in memory until the person logs out. */
function foldersOf({ env, home }: Context): readonly string[] {
  const state = env['XDG_STATE_HOME'] ?? '';
  const runtime = env['XDG_RUNTIME_DIR'] ?? '';
  const places = [isAbsolute(state) ? state : join(home, '.local', 'state'), ...(isAbsolute(runtime) ? [runtime] : [])];
  return places.map((place) => join(place, 'sec', 'recovery'));
}

/** A path may say what nobody should know, so it is in the sealed part only. */
function nameOf({ cwd }: Context, path: string): string {
  return createHash('sha256').update(resolve(cwd, path)).digest('hex').slice(0, 32);
}

function digestOf(bytes: Uint8Array | null): string {
  return bytes === null ? 'new' : createHash('sha256').update(bytes).digest('hex');
}

/** The keys of the file and nothing else of its block: what is kept is sealed whole. */
function blockOf({ groups, threshold }: Metadata, lastModified: string): Metadata {
  return {
    groups,
    threshold,
    selector: defaultSelector,
    macOnlyEncrypted: false,
    lastModified,
    mac: '',
    version: formatVersion,
    layout: null,
    stored: new Map(),
  };
}

function treeOf(values: Readonly<Record<string, Scalar>>): Tree {
  const items = Object.entries(values).map(
    ([key, value]) => ({ kind: 'entry', key, value: { kind: 'leaf', value, place: null }, keySpan: null }) as const,
  );
  return { documents: [{ kind: 'map', items, place: null }] };
}

function textOf(text: string): Scalar {
  return { type: 'str', text };
}

/** @throws SecError `path-not-found` */
function bytesAt({ documents: [root] }: Tree, key: string, file: string): Uint8Array {
  const node = root === undefined ? null : valueAt(root, [key]);
  if (node?.kind === 'leaf' && node.value.type === 'str') return Buffer.from(node.value.text);
  if (node?.kind === 'leaf' && node.value.type === 'bytes') return node.value.bytes;
  throw new SecError({ code: 'path-not-found', file, path: key });
}
