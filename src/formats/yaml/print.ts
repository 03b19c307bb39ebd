import type { Branch, Comment, Entry, Leaf, List, Node } from '../../core/tree.ts';
import { canMerge } from './merge.ts';
import { nextStop, printScalar } from './open-seal.ts';
import { doubleQuote, printText } from './text.ts';

/** New block text, laid out as sops lays it out. `sops-format.md` §4.5. */

export interface Layout {
  readonly step: number;
  readonly eol: string;
}

/** Bytes of a key from which on it gets a line of its own. */
const longestKey = 128;

/** The lines of a map whose keys stand in a column. An empty map has none: the caller writes `{}`. */
export function printMap(branch: Branch, column: number, layout: Layout): readonly string[] {
  const lines: string[] = [];
  let inline: Comment[] = [];
  for (const item of branch.items) {
    if (item.kind === 'comment') {
      if (item.inline) inline.push(item);
      else lines.push(...printComment(item, column));
      continue;
    }
    lines.push(...printEntry(item, inline, column, layout));
    inline = [];
  }
  return [...lines, ...inline.flatMap((comment) => printComment(comment, column))];
}

/** A comment of INI may have several lines, of which only the first has lost its marker. */
function printComment(comment: Comment, column: number): readonly string[] {
  return comment.text.split('\n').map((line, index) => `${' '.repeat(column)}#${index === 0 ? '' : ' '}${line}`);
}

/** One entry with the comments that stand behind its value. */
export function printEntry(entry: Entry, inline: readonly Comment[], column: number, layout: Layout): readonly string[] {
  const { value } = entry;
  const head = printHead(entry, column, layout);
  const empty = asEmpty(value);
  if (empty !== null) return [`${head} ${emptyText(empty)}`, ...commentsOf(empty, column)];
  if (value.kind === 'leaf') return [`${head} ${printLeaf(value, column, nextStop(column, layout.step), layout)}${behind(inline)}`];
  const inner = nextStop(column, layout.step);
  const above = inline.flatMap((comment) => printComment(comment, inner));
  return [head, ...above, ...(value.kind === 'map' ? printMap(value, inner, layout) : printList(value, inner, layout))];
}

/** A key with its colon. */
export function printHead(entry: Entry, column: number, { eol }: Layout): string {
  const indentation = ' '.repeat(column);
  const name = printKey(entry);
  return isLongKey(entry.key) ? `${indentation}? ${name}${eol}${indentation}:` : `${indentation}${name}:`;
}

/** The lines of a list whose dashes stand in a column. */
export function printList(list: List, column: number, layout: Layout): readonly string[] {
  const lines: string[] = [];
  let inline: Comment[] = [];
  for (const item of list.items) {
    if (item.kind === 'comment') {
      if (item.inline) inline.push(item);
      else lines.push(...printComment(item, column));
      continue;
    }
    lines.push(...printItem(item, inline, column, layout));
    inline = [];
  }
  return [...lines, ...inline.flatMap((comment) => printComment(comment, column))];
}

function printItem(node: Node, inline: readonly Comment[], column: number, layout: Layout): readonly string[] {
  const dash = `${' '.repeat(column)}- `;
  const empty = asEmpty(node);
  if (empty !== null) return [dash + emptyText(empty), ...commentsOf(empty, column)];
  if (node.kind === 'leaf') return [dash + printLeaf(node, column, column + 2, layout) + behind(inline)];
  const lines = node.kind === 'map' ? printMap(node, column + 2, layout) : printList(node, column + 2, layout);
  const first = lines.findIndex((line) => !line.trimStart().startsWith('#'));
  const above = [...inline.flatMap((comment) => printComment(comment, column)), ...lines.slice(0, first).map((line) => line.slice(2))];
  return [...above, dash + (lines[first] ?? '').slice(column + 2), ...lines.slice(first + 1)];
}

function printLeaf(leaf: Leaf, parent: number, blockColumn: number, { eol }: Layout): string {
  return printScalar(leaf.value, { flow: false, key: false, blockColumn, blockDigit: blockColumn - parent, eol });
}

function printKey({ key, value }: Entry): string {
  if (key === '<<') return canMerge(value) ? '!!merge <<' : '"<<"';
  return key.includes('\n') ? doubleQuote(key, true) : printText(key, { flow: false, key: true, blockColumn: 0, blockDigit: 0, eol: '\n' });
}

function isLongKey(key: string): boolean {
  return key.includes('\n') || Buffer.byteLength(key) > longestKey;
}

/** The collection, where a node is one with nothing but comments in it. */
function asEmpty(node: Node): Branch | List | null {
  return node.kind !== 'leaf' && node.items.every(({ kind }) => kind === 'comment') ? node : null;
}

function emptyText({ kind }: Branch | List): string {
  return kind === 'map' ? '{}' : '[]';
}

/** Comments of a collection that has nothing else stand below it, at the level above. */
function commentsOf(node: Branch | List, column: number): readonly string[] {
  return node.items.flatMap((item) => (item.kind === 'comment' ? printComment(item, column) : []));
}

function behind(inline: readonly Comment[]): string {
  return inline.map(({ text }) => ` #${text}`).join('');
}
