import type { CST } from 'yaml';

import { SecError } from '../../core/problem.ts';
import type { Branch, Entry } from '../../core/tree.ts';
import type { Source } from '../format.ts';
import { TreeBuilder } from './builder.ts';
import { metaOf } from './metadata.ts';
import { offsetOf } from './props.ts';
import { scanSyntax } from './scan.ts';
import { syntaxOf } from './syntax.ts';
import type { Syntax } from './syntax.ts';
import { detectStep, endOf, endOfItem } from './tokens.ts';

/** A YAML text that was read. */
export interface YamlSource extends Source {
  /** Name for messages. */
  readonly file: string;
  readonly documents: readonly YamlDocument[];
  readonly step: number;
  readonly eol: string;
}

/** What is known of one document beyond its tree. */
export interface YamlDocument {
  readonly root: Branch;
  /** The entry `sops`, or `null`. */
  readonly block: Entry | null;
  /** What has to go for the block to be gone: from its key to the end of its value; in brackets, with the comma before it. */
  readonly blockStart: number;
  readonly blockEnd: number;
  /** Where the text of the document ends: the next `---` or `...`, or the end of the file. */
  readonly end: number;
  /** Column of the keys of the root. */
  readonly column: number;
  /** For a root in brackets: where its last entry ends, or its opening bracket where it is empty. */
  readonly flow: { readonly lastEnd: number; readonly isEmpty: boolean } | null;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** What `readSimple` read, for whoever reads the same bytes next. */
const simple = new WeakMap<Uint8Array, YamlSource>();

/** Reads a text of the forms that need no parser; `null` for any other. @throws SecError as `Format.read` */
export function readSimple(bytes: Uint8Array, file: string): YamlSource | null {
  const text = decode(bytes, file);
  const syntax = scanSyntax(text);
  if (syntax === null) return null;
  const source = sourceOf(text, file, syntax);
  simple.set(bytes, source);
  return source;
}

/** @throws SecError as `Format.read` */
export function readYaml(bytes: Uint8Array, file: string): YamlSource {
  const known = simple.get(bytes);
  if (known?.file === file) return known;
  const text = decode(bytes, file);
  return sourceOf(text, file, syntaxOf(text, file));
}

/** What the tokens of a text mean. @throws SecError as `Format.read` */
export function sourceOf(text: string, file: string, syntax: Syntax): YamlSource {
  const manner = { file, text, step: detectStep(text), eol: firstBreak(text) };
  const builder = new TreeBuilder(manner, syntax);
  const documents = syntax.documents.map((token, index) => {
    const end = documentEnd(text, token, syntax.documents[index + 1] ?? null);
    return describe(token, end, builder.document(token, end));
  });
  const first = documents[0]?.block ?? null;
  return {
    ...manner,
    tree: { documents: documents.map(({ root }) => root) },
    metadata: first === null ? null : readBlock(text, first, file),
    documents,
  };
}

function decode(bytes: Uint8Array, file: string): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new SecError({ code: 'malformed', file, format: 'YAML', reason: 'it is not UTF-8', line: null }, { cause });
  }
}

/** @throws SecError `bad-metadata` */
function readBlock(text: string, { value }: Entry, file: string): Source['metadata'] {
  const block = metaOf(text, value);
  if (!(block instanceof Map)) throw new SecError({ code: 'bad-metadata', file, reason: 'its entry "sops" is not a map' });
  return block.size === 0 ? null : block;
}

function firstBreak(text: string): string {
  const feed = text.indexOf('\n');
  return text[feed - 1] === '\r' ? '\r\n' : '\n';
}

/** A document ends where the next begins, at its own `...`, or with the text. */
function documentEnd(text: string, token: CST.Document, next: CST.Document | null): number {
  const limit = next?.start.find(({ type }) => type === 'doc-start')?.offset ?? text.length;
  const from = token.value === undefined ? token.offset : endOf(token.value);
  if (!text.includes('...', from)) return limit;
  const found = [...text.slice(from, limit).matchAll(/^\.\.\.(?=\s|$)/gm)].find(
    ({ index }) => index > 0 || from === 0 || text[from - 1] === '\n',
  );
  return found === undefined ? limit : from + found.index;
}

function describe(token: CST.Document, end: number, built: { root: Branch; block: Entry | null }): YamlDocument {
  const { root, block } = built;
  const value = token.value;
  const items = value?.type === 'flow-collection' || value?.type === 'block-map' ? value.items : [];
  const blockIndex =
    block === null ? -1 : items.findIndex(({ key }) => key !== undefined && key !== null && key.offset === block.keySpan?.start);
  const blockItem = items[blockIndex];
  const flow = value?.type === 'flow-collection' ? flowOf(value) : null;
  const blockStart = block?.keySpan?.start ?? 0;
  return {
    root,
    block,
    blockStart: flow === null || blockIndex < 0 ? blockStart : startInFlow(items, blockIndex, value?.offset ?? 0, blockStart),
    blockEnd: blockItem === undefined ? 0 : endInFlow(flow === null ? [] : items, blockIndex, endOfItem(blockItem, blockStart)),
    end,
    column: value?.type === 'block-map' ? value.indent : 0,
    flow,
  };
}

function flowOf(value: CST.FlowCollection): YamlDocument['flow'] {
  const last = value.items.findLast(({ key, value: inner }) => key !== undefined || inner !== undefined);
  if (last === undefined) return { lastEnd: value.offset + 1, isEmpty: true };
  return { lastEnd: endOfItem(last, value.offset + 1), isEmpty: false };
}

/** The comma before the block goes with it. */
function startInFlow(items: readonly CST.CollectionItem[], index: number, opening: number, fallback: number): number {
  const before = items[index - 1];
  if (before !== undefined) return endOfItem(before, fallback);
  return items.length === 1 ? opening + 1 : fallback;
}

/** Where none is before it, the comma behind it. */
function endInFlow(items: readonly CST.CollectionItem[], index: number, end: number): number {
  const next = items[index + 1];
  if (next === undefined || index > 0) return end;
  const mark = next.start.find(({ type }) => type === 'anchor' || type === 'tag' || type === 'explicit-key-ind');
  const comma = offsetOf(next.start, 'comma');
  return mark?.offset ?? next.key?.offset ?? (comma === null ? end : comma + 1);
}
