import { isSealedComment } from '../core/cipher.ts';
import { isFloat, isInt64 } from '../core/numbers.ts';
import { SecError } from '../core/problem.ts';
import type { Branch, Comment, Entry, List, Node, Place, Scalar } from '../core/tree.ts';
import type { Source } from './format.ts';
import { findBlock } from './json-metadata.ts';
import { dropSpans, spanOf } from './json-spans.ts';
import { malformed, token, tokensOf } from './json-tokens.ts';
import type { Tokens } from './json-tokens.ts';
import { maxBytes, maxDepth } from './limits.ts';

/** A JSON text that was read. */
export interface JsonSource extends Source {
  readonly file: string;
  /** The top object with all its members, the metadata block among them. */
  readonly root: PlacedBranch;
  /** The member `sops`, where it is a metadata block. */
  readonly block: Entry | null;
}

/** A map that stands in a text. */
export type PlacedBranch = Branch & { readonly place: Place };

/** The place of a sealed comment: an element of a list, with the comma that goes when the element goes. */
export interface ItemPlace extends Place {
  readonly style: 'item';
  readonly before: string;
  readonly after: string;
}

interface Reader {
  readonly tokens: Tokens;
  readonly file: string;
  /** Lists with elements that are sealed comments, should the text turn out to be a sealed one. */
  readonly lists: OpenList[];
}

type OpenList = List & { readonly place: Place; readonly items: (Node | Comment)[] };

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const loneSurrogate = /\p{Surrogate}/u;

/** Reads a plain or a sealed JSON text. `sops-format.md` §5.1. @throws SecError, see `Format.read` */
export function readJson(bytes: Uint8Array, file: string): JsonSource {
  const text = decode(bytes, file);
  const tokens = tokensOf(text, file);
  if (tokens.kind() === token.end) tokens.fail('an empty text, where an object must be');
  const lists: OpenList[] = [];
  const root = readValue({ tokens, file, lists }, 1);
  if (tokens.kind() !== token.end) tokens.fail('text behind the end of the JSON value');
  if (!isPlacedBranch(root)) throw new SecError({ code: 'top-level-not-map', file, found: root.kind === 'list' ? 'list' : 'scalar' });
  const block = findBlock(root, file);
  if (block === null) return { text, file, root, block, metadata: null, tree: { documents: [root] } };
  for (const list of lists) markComments(list, text);
  const items = root.items.filter((item) => item !== block.entry);
  return { text, file, root, block: block.entry, metadata: block.metadata, tree: { documents: [{ ...root, items }] } };
}

function decode(bytes: Uint8Array, file: string): string {
  if (bytes.length > maxBytes) throw new SecError({ code: 'too-large', file, what: 'bytes', limit: maxBytes });
  try {
    const text = utf8.decode(bytes);
    if (!text.startsWith('\uFEFF')) return text;
  } catch (cause) {
    throw malformed(file, 'bytes that are not UTF-8', null, cause);
  }
  throw malformed(file, 'a byte order mark', 1);
}

function isPlacedBranch(node: Node): node is PlacedBranch {
  return node.kind === 'map' && node.place !== null;
}

function readValue(reader: Reader, depth: number): Node {
  const { tokens } = reader;
  switch (tokens.kind()) {
    case token.openBrace:
      return readMap(reader, depth);
    case token.openBracket:
      return readList(reader, depth);
    case token.string:
      return leaf(tokens, 'string', { type: 'str', text: readString(tokens) });
    case token.number:
      return leaf(tokens, 'literal', readNumber(tokens));
    case token.true:
      return leaf(tokens, 'literal', { type: 'bool', value: true });
    case token.false:
      return leaf(tokens, 'literal', { type: 'bool', value: false });
    case token.null:
      return leaf(tokens, 'literal', { type: 'null' });
    default:
      return tokens.fail('something that is no value where a value must be');
  }
}

function leaf(tokens: Tokens, style: 'string' | 'literal', value: Scalar): Node {
  const place = { start: tokens.start(), end: tokens.end(), style };
  tokens.next();
  return { kind: 'leaf', value, place };
}

/** sops would make U+FFFD of half a character, which nobody asked for. */
function readString(tokens: Tokens): string {
  const text = tokens.string();
  const hasEscape = text.length !== tokens.end() - tokens.start() - 2;
  if (hasEscape && loneSurrogate.test(text)) tokens.fail('half of a surrogate pair, which is no character');
  return text;
}

function readNumber(tokens: Tokens): Scalar {
  const text = tokens.text.slice(tokens.start(), tokens.end());
  if (isInt64(text)) return { type: 'int', text };
  if (!isFloat(text)) tokens.fail('a number beyond the range of a 64-bit float');
  return { type: 'float', text };
}

function readMap(reader: Reader, depth: number): Branch {
  const { tokens } = reader;
  const items: Entry[] = [];
  const place = readItems(reader, depth, token.closeBrace, () => {
    if (tokens.kind() !== token.string) tokens.fail('something that is no string where a key must be');
    const key = readString(tokens);
    const keySpan = { start: tokens.start(), end: tokens.end() };
    tokens.next();
    if (tokens.kind() !== token.colon) tokens.fail('no colon after a key');
    tokens.next();
    items.push({ kind: 'entry', key, keySpan, value: readValue(reader, depth + 1) });
  });
  return { kind: 'map', items, place };
}

function readList(reader: Reader, depth: number): List {
  const items: (Node | Comment)[] = [];
  let comments = 0;
  const place = readItems(reader, depth, token.closeBracket, () => {
    const item = readValue(reader, depth + 1);
    if (isComment(item)) comments += 1;
    items.push(item);
  });
  const list = { kind: 'list', items, place } as const;
  if (comments > 0) reader.lists.push(list);
  return list;
}

/** What stands between two brackets, with a comma between each two items and none at the end. */
function readItems(reader: Reader, depth: number, close: number, readItem: () => void): Place {
  const { tokens, file } = reader;
  if (depth > maxDepth) throw new SecError({ code: 'too-deep', file, limit: maxDepth });
  const start = tokens.start();
  tokens.next();
  if (tokens.kind() !== close) {
    readItem();
    while (tokens.kind() === token.comma) {
      tokens.next();
      readItem();
    }
  }
  if (tokens.kind() !== close)
    tokens.fail(close === token.closeBrace ? 'an object that goes on without a comma' : 'a list that goes on without a comma');
  const end = tokens.end();
  tokens.next();
  return { start, end, style: close === token.closeBrace ? 'object' : 'array' };
}

function isComment(item: Node | Comment): boolean {
  return item.kind === 'leaf' && item.value.type === 'str' && isSealedComment(item.value.text);
}

/** A sealed comment of a YAML list is a string among the elements here. `sops-format.md` §10.5. */
function markComments(list: OpenList, text: string): void {
  const spans = list.items.map(spanOf);
  const goes = list.items.map(isComment);
  const cuts = dropSpans(list.place, spans, (index) => goes[index] === true);
  for (const [index, item] of list.items.entries()) {
    const [cut, span] = [cuts[index], spans[index]];
    if (!cut || !span || item.kind !== 'leaf' || item.value.type !== 'str') continue;
    const [before, after] = [text.slice(cut.start, span.start), text.slice(span.end, cut.end)];
    const place: ItemPlace = { ...cut, style: 'item', before, after };
    list.items[index] = { kind: 'comment', text: item.value.text, inline: false, place };
  }
}
