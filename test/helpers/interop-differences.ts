import { compileSelector, defaultSelector } from '../../src/core/selection.ts';
import type { Scope } from '../../src/core/selection.ts';
import type { Branch, Comment, Entry, Leaf, Node, Scalar, Tree } from '../../src/core/tree.ts';
import type { Format } from '../../src/formats/format.ts';
import { everywhere, mapTree } from '../../src/core/walk.ts';
import { inFloats, printed, textOf } from './interop-reading.ts';
import type { Bench } from './interop-checks.ts';
import type { Rule } from './interop-world.ts';
import type { Sops } from './sops-folder.ts';

/**
 * What sops makes of a document that says something else: the differences that we expect.
 *
 * | release | format | what |
 * |---|---|---|
 * | 3.12.2 | JSON | every number is a float (`sops-format.md` §5.1), so that a clear integer beyond 2^53 has another MAC |
 * | both | YAML | an empty comment in a list that would be encrypted becomes an empty string of the list (§10.5) |
 * | both | YAML, JSON | a clear float without fraction is printed as an integer (§4.5) |
 * | both | dotenv | a carriage return before the line break is part of the value (§7.1); where all lines end so, we take it for none |
 * | both | dotenv | a byte order mark is part of the first key (§7.1) |
 * | both | all | `set` makes a float of a number (§21.67) |
 *
 * Comments that sops loses of its own files are not asked of it for ours: that is seen by trying, in `interop-exchange.ts`.
 */
export async function asWrittenBy(release: Sops, bench: Bench, tree: Tree): Promise<Tree> {
  const { rule, ours } = bench;
  if (ours.format.name !== 'json' || release !== 'sops-3.12.2') return withEmptyElements(bench, tree);
  return mapTree(tree, await scopeOf(rule), { leaf: (leaf) => ({ ...leaf, value: inFloats(leaf.value) }), comment: (comment) => comment });
}

/** A document of ours as a release reads it; `null` where its MAC cannot be right. */
export async function asReadBy(release: Sops, { rule, ours }: Bench, tree: Tree): Promise<Tree | null> {
  if (ours.format.name !== 'json' || release !== 'sops-3.12.2') return tree;
  let isRounded = false;
  const read = mapTree(tree, await scopeOf(rule), {
    leaf(leaf, { selected }) {
      if (selected || leaf.value.type !== 'int') return leaf;
      const value = inFloats(leaf.value);
      isRounded ||= textOf(value) !== textOf(leaf.value);
      return { ...leaf, value };
    },
    comment: (comment) => comment,
  });
  return isRounded && !rule.macOnlyEncrypted ? null : read;
}

/** The document without what is expected to differ: the kind of a number in the clear, which its notation tells and sops does not keep. */
export async function withoutNotation({ rule, ours }: Bench, tree: Tree): Promise<Tree> {
  if (ours.format.name === 'dotenv') return withoutEnds(ours.format, tree);
  return mapTree(tree, await scopeOf(rule), {
    leaf(leaf, { selected }) {
      const isNumber = leaf.value.type === 'int' || leaf.value.type === 'float';
      return selected || !isNumber ? leaf : { ...leaf, value: { type: 'str', text: printed(leaf.value) } };
    },
    comment: (comment) => comment,
  });
}

/** The document without what is part of a value of `.env` to sops, and part of the line end to us. */
export function withoutEnds({ name }: Format, tree: Tree): Tree {
  return name === 'dotenv' ? withoutReturns(withoutMark(tree)) : tree;
}

function withoutMark({ documents }: Tree): Tree {
  const cut = (item: Entry | Comment): Entry | Comment =>
    item.kind === 'entry' ? { ...item, key: item.key.replace(/^\uFEFF/, '') } : item;
  return { documents: documents.map((document) => ({ ...document, items: document.items.map(cut) })) };
}

function withoutReturns(tree: Tree): Tree {
  const cut = (text: string): string => text.replace(/\r$/, '');
  const cutScalar = (value: Scalar): Scalar => {
    if (value.type === 'bytes') return { ...value, bytes: value.bytes.at(-1) === 0x0d ? value.bytes.subarray(0, -1) : value.bytes };
    return value.type === 'str' ? { type: 'str', text: cut(value.text) } : value;
  };
  return mapTree(tree, everywhere(false), {
    leaf: (leaf) => ({ ...leaf, value: cutScalar(leaf.value) }),
    comment: (comment) => ({ ...comment, text: cut(comment.text) }),
  });
}

async function scopeOf(rule: Rule): Promise<Scope> {
  return (await compileSelector(rule.selector ?? defaultSelector, '')).root;
}

/** A new value as `sops set` stores it. */
export function asSetBySops(release: Sops, value: Node): Node {
  if (value.kind === 'leaf') return { ...value, value: inFloats(value.value) };
  return release === 'sops-3.12.2' ? allInFloats(value) : value;
}

function allInFloats(node: Node): Node {
  if (node.kind === 'leaf') return { ...node, value: inFloats(node.value) };
  if (node.kind === 'list') return { ...node, items: node.items.map((item) => (item.kind === 'comment' ? item : allInFloats(item))) };
  return { ...node, items: node.items.map((item) => (item.kind === 'comment' ? item : { ...item, value: allInFloats(item.value) })) };
}

const emptied = '\u0000';

/** An empty comment in a list becomes an element of it once sops has written it. */
export async function withEmptyElements({ ours, rule }: Bench, tree: Tree): Promise<Tree> {
  if (ours.format.name !== 'yaml') return tree;
  const marked = mapTree(tree, await scopeOf(rule), {
    leaf: (leaf) => leaf,
    comment: (comment, { selected }) => (selected && comment.text === '' ? { ...comment, text: emptied } : comment),
  });
  return { documents: marked.documents.map(filledMap) };
}

function filledMap(map: Branch): Branch {
  return { ...map, items: map.items.map((item) => (item.kind === 'comment' ? unmarked(item) : { ...item, value: filled(item.value) })) };
}

function filled(node: Node): Node {
  if (node.kind === 'leaf') return node;
  if (node.kind === 'map') return filledMap(node);
  return { ...node, items: node.items.map((item) => (item.kind === 'comment' ? filledComment(item) : filled(item))) };
}

function unmarked(comment: Comment): Comment {
  return comment.text === emptied ? { ...comment, text: '' } : comment;
}

function filledComment(comment: Comment): Comment | Leaf {
  return comment.text === emptied ? { kind: 'leaf', value: { type: 'str', text: '' }, place: null } : comment;
}
