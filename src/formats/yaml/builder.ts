import type { CST } from 'yaml';

import { SecError } from '../../core/problem.ts';
import type { Branch, Entry, Leaf, Node, Span } from '../../core/tree.ts';
import { maxNodes } from '../limits.ts';
import { CommentPlacer } from './comments.ts';
import { Copies } from './copies.ts';
import { Lines } from './lines.ts';
import { canMerge, isMergeKey } from './merge.ts';
import { asComment, markLone, emptyLeaf, hasComments, isOpenCollection, isScalarToken } from './open-nodes.ts';
import type { OpenBranch, OpenCollection, OpenList } from './open-nodes.ts';
import { malformed } from './malformed.ts';
import type { Syntax } from './syntax.ts';
import { placeIn } from './place.ts';
import type { Surroundings, YamlPlace, YamlStyle } from './place.ts';
import { offsetOf, readProps } from './props.ts';
import type { Props } from './props.ts';
import { scalarPlace } from './scalar-place.ts';
import { readScalar, tagKind, textOf } from './scalar.ts';
import type { Refusal } from './scalar.ts';
import type { YamlSource } from './source.ts';
import { endOf, endOfItem } from './tokens.ts';

/** What a node's parent knows about its surroundings. */
interface Around {
  readonly parent: OpenCollection | null;
  readonly flow: boolean;
  /** Column of the parent's keys or dashes; -1 at the root. */
  readonly indent: number;
  /** Right behind the colon, the dash or the comma before the node. */
  readonly slot: number;
}

/** What an alias may name. */
interface Anchored {
  readonly node: Node;
  readonly isKey: boolean;
  /** From the anchor to the end of the node. */
  readonly span: Span;
}

/** The tokens of one document, made a tree. */
export interface BuiltDocument {
  readonly root: Branch;
  /** The entry `sops` of the root, which is no part of the tree. */
  readonly block: Entry | null;
}

/** Tokens to tree. One builder reads one text. */
export class TreeBuilder {
  readonly #text: string;
  readonly #file: string;
  readonly #lines: Lines;
  readonly #comments: CommentPlacer;
  readonly #copies: Copies;
  readonly #anchors = new Map<string, Anchored>();
  readonly #step: number;
  readonly #eol: string;
  /** Collections whose end has not come yet: an alias to one would hold itself. */
  readonly #open = new Set<Node>();
  #isFirst = true;
  #block: Entry | null = null;
  #nodes = 0;

  constructor({ text, file, step, eol }: Pick<YamlSource, 'text' | 'file' | 'step' | 'eol'>, syntax: Syntax) {
    this.#text = text;
    this.#file = file;
    this.#lines = new Lines(text);
    this.#copies = new Copies(file);
    this.#comments = new CommentPlacer(text, this.#lines, syntax.comments);
    this.#step = step;
    this.#eol = eol;
  }

  /** The map of one document. `end` is where its text ends. @throws SecError as `Format.read` */
  document(token: CST.Document, end: number): BuiltDocument {
    this.#anchors.clear();
    this.#block = null;
    this.#comments.startDocument(offsetOf(token.start, 'doc-start'));
    const root = this.#root(token.value ?? null, readProps(token.start));
    this.#comments.endDocument(root, end, root.place === null ? 0 : this.#lines.column(root.place.start));
    this.#isFirst = false;
    return { root, block: this.#block };
  }

  #root(token: CST.Token | null, props: Props): OpenBranch {
    const around = { parent: null, flow: false, indent: -1, slot: 0 };
    if (token?.type === 'block-map' || (token?.type === 'flow-collection' && token.start.type === 'flow-map-start')) {
      return this.#map(token, around, props);
    }
    if (token === null || (token.type === 'scalar' && token.source === '')) return { kind: 'map', items: [], place: null, depth: 1 };
    const isList = token.type === 'block-seq' || token.type === 'flow-collection';
    throw new SecError({ code: 'top-level-not-map', file: this.#file, found: isList ? 'a list' : 'a single value' });
  }

  #map(token: CST.BlockMap | CST.FlowCollection, around: Around, props: Props): OpenBranch {
    const flow = token.type === 'flow-collection';
    const branch: OpenBranch = { kind: 'map', items: [], place: this.#collection(token, around, 'map'), depth: depthBelow(around) };
    this.#anchor(props, branch, endOf(token));
    this.#open.add(branch);
    const inside: Around = { ...around, parent: branch, flow, indent: flow ? around.indent : token.indent };
    const keys = this.#isFirst ? new Set<string>() : null;
    if (flow) this.#comments.enterFlow(branch, token.offset);
    for (const item of token.items) this.#entry(item, branch, inside, keys);
    if (flow) this.#comments.leaveFlow(branch, around.parent, endOf(token));
    this.#open.delete(branch);
    return branch;
  }

  #entry(item: CST.CollectionItem, branch: OpenBranch, inside: Around, keys: Set<string> | null): void {
    const explicit = offsetOf(item.start, 'explicit-key-ind');
    const colon = offsetOf(item.sep, 'map-value-ind');
    const keyToken = item.key ?? (item.sep === undefined ? (item.value ?? null) : null);
    if (keyToken === null && explicit === null && colon === null) return;
    const keyProps = readProps(item.start);
    const start = explicit ?? keyProps.start ?? keyToken?.offset ?? colon ?? 0;
    if (inside.flow) this.#comments.flowItem(branch, start);
    else this.#comments.entry(branch, start, this.#lines.column(start));
    const key = this.#key(keyToken, keyProps, start);
    if (keys?.has(key)) throw new SecError({ code: 'duplicate-key', file: this.#file, key, line: this.#lines.line(start) + 1 });
    keys?.add(key);
    const keyEnd = keyToken === null ? start + (explicit === null ? 0 : 1) : endOf(keyToken);
    const entry = { kind: 'entry' as const, key, value: emptyLeaf as Node, keySpan: { start, end: keyEnd } };
    branch.items.push(entry);
    const index = branch.items.length - 1;
    if (!inside.flow) this.#comments.afterKey(branch, index, colon ?? keyEnd);
    const valueToken = item.key === undefined && item.sep === undefined ? null : (item.value ?? null);
    entry.value = this.#node(valueToken, readProps(item.sep), { ...inside, slot: colon === null ? keyEnd : colon + 1 }, index);
    if (this.#isFirst && isMergeKey(keyToken, keyProps.tag) && !canMerge(entry.value))
      throw malformed(this.#text, this.#file, start, 'the merge key << takes a map or a list of maps: quote it to make it a text');
    if (key === 'sops' && inside.parent?.depth === 1) this.#takeBlock(branch, entry, valueToken);
  }

  /** The metadata block is no part of the tree, and neither are the comments in it. */
  #takeBlock(branch: OpenBranch, entry: Entry, token: CST.Token | null): void {
    if (this.#block !== null) throw new SecError({ code: 'bad-metadata', file: this.#file, reason: 'it has two entries "sops"' });
    this.#block = entry;
    branch.items.splice(branch.items.indexOf(entry), 1);
    this.#comments.skipTo(token === null ? 0 : endOf(token), branch);
  }

  #key(token: CST.Token | null, props: Props, offset: number): string {
    if (token?.type === 'alias') {
      const target = this.#anchors.get(token.source.slice(1));
      if (target?.isKey && target.node.kind === 'leaf' && target.node.value.type === 'str') return target.node.value.text;
      throw this.#cannot(offset, 'a reference to a value cannot be a key');
    }
    if (token === null || !isScalarToken(token)) throw this.#cannot(offset, 'only a text can be a key');
    const value = readScalar(token, tagKind(props.tag));
    if ('refused' in value && !value.isYaml) throw this.#refused(value, offset);
    if ('refused' in value || value.type !== 'str') throw this.#cannot(offset, `only a text can be a key: quote "${textOf(token)}"`);
    if (/[\u0085\u2028\u2029]/.test(value.text)) throw this.#cannot(offset, 'a key holds a line break of its own kind');
    const span = { start: offset, end: endOf(token) };
    if (props.anchor !== null) this.#anchors.set(props.anchor, { node: { kind: 'leaf', value, place: null }, isKey: true, span });
    return value.text;
  }

  #refused({ refused, isYaml }: Refusal, offset: number): SecError {
    return isYaml ? this.#cannot(offset, refused) : malformed(this.#text, this.#file, offset, refused);
  }

  /** What is YAML, but no file of sops. */
  #cannot(offset: number, reason: string): SecError {
    return new SecError({ code: 'cannot-encrypt', file: this.#file, key: `line ${this.#lines.line(offset) + 1}`, reason });
  }

  #list(token: CST.BlockSequence | CST.FlowCollection, around: Around, props: Props): OpenList {
    const flow = token.type === 'flow-collection';
    const list: OpenList = { kind: 'list', items: [], place: this.#collection(token, around, 'list'), depth: depthBelow(around) };
    this.#anchor(props, list, endOf(token));
    this.#open.add(list);
    const inside: Around = { ...around, parent: list, flow, indent: flow ? around.indent : token.indent };
    if (flow) this.#comments.enterFlow(list, token.offset);
    else this.#comments.enterList();
    for (const item of token.items) {
      if (flow) this.#flowItem(item, list, inside);
      else this.#blockItem(item, list, inside);
    }
    if (flow) this.#comments.leaveFlow(list, around.parent, endOf(token));
    else this.#comments.leaveList(list, around.parent);
    this.#open.delete(list);
    markLone(list);
    return list;
  }

  #blockItem(item: CST.CollectionItem, list: OpenList, inside: Around): void {
    const dash = offsetOf(item.start, 'seq-item-ind');
    if (dash === null) return;
    this.#comments.entry(list, dash, this.#lines.column(dash));
    this.#comments.afterDash(dash);
    list.items.push(emptyLeaf);
    const index = list.items.length - 1;
    const node = this.#node(item.value ?? null, readProps(item.start), { ...inside, slot: dash + 1 }, index);
    list.items[list.items.lastIndexOf(emptyLeaf)] = asComment(node, dash) ?? node;
  }

  #flowItem(item: CST.CollectionItem, list: OpenList, inside: Around): void {
    const isPair = offsetOf(item.sep, 'map-value-ind') !== null || offsetOf(item.start, 'explicit-key-ind') !== null;
    const token = item.value ?? item.key ?? null;
    const props = readProps(item.start);
    if (token === null && !isPair && props.start === null) return;
    this.#comments.flowItem(list, item.key?.offset ?? token?.offset ?? props.start ?? 0);
    if (!isPair) {
      const slot = props.start ?? token?.offset ?? 0;
      list.items.push(this.#node(token, props, { ...inside, slot }, list.items.length));
      return;
    }
    const start = offsetOf(item.start, 'explicit-key-ind') ?? props.start ?? item.key?.offset ?? offsetOf(item.sep, 'map-value-ind') ?? 0;
    const around = { ...inside, slot: start };
    const pair: OpenBranch = {
      kind: 'map',
      items: [],
      place: this.#place(around, { start, end: endOfItem(item, start) }, 'map'),
      depth: list.depth + 1,
    };
    list.items.push(pair);
    this.#entry(item, pair, { ...around, parent: pair }, null);
  }

  #node(token: CST.Token | null, props: Props, around: Around, index: number): Node {
    this.#count();
    if (props.start !== null && (token?.type === 'block-map' || token?.type === 'block-seq')) this.#comments.afterProps(props.start);
    if (token?.type === 'block-map') return this.#map(token, around, props);
    if (token?.type === 'block-seq') return this.#list(token, around, props);
    if (token?.type === 'flow-collection') {
      return token.start.type === 'flow-map-start' ? this.#map(token, around, props) : this.#list(token, around, props);
    }
    const node = token === null ? this.#empty(props, around) : this.#single(token, props, around);
    this.#anchor(props, node, token === null ? (props.end ?? 0) : endOf(token));
    if (around.parent !== null && !around.flow && token !== null) this.#tail(node, token, around.parent, index);
    return node;
  }

  #single(token: CST.Token, props: Props, around: Around): Node {
    if (token.type === 'alias') return this.#alias(token, around);
    if (!isScalarToken(token)) throw malformed(this.#text, this.#file, token.offset, 'something stands where a value is expected');
    const value = readScalar(token, tagKind(props.tag));
    if ('refused' in value) throw this.#refused(value, token.offset);
    return { kind: 'leaf', value, place: scalarPlace(this.#text, token, props, this.#surroundings(around)) };
  }

  /** A value that is not there. With a tag it may still be the empty string, which is never sealed. */
  #empty(props: Props, around: Around): Leaf {
    const at = props.end ?? around.slot;
    const isText = tagKind(props.tag) === 'str';
    const value = isText ? ({ type: 'str', text: '' } as const) : ({ type: 'null' } as const);
    return { kind: 'leaf', value, place: this.#place(around, { start: at, end: at }, 'empty') };
  }

  #tail(node: Node, token: CST.Token, parent: OpenCollection, index: number): void {
    // What an alias stands for is written in brackets once it is sealed, and that is how go-yaml will see the comment behind it.
    if (isOpenCollection(node)) this.#comments.leaveFlow(node, parent, endOf(token));
    else this.#comments.afterValue(parent, index, token.type === 'block-scalar' ? token.offset : endOf(token));
  }

  #alias(token: CST.FlowScalar, around: Around): Node {
    const target = this.#anchors.get(token.source.slice(1));
    if (target === undefined || this.#open.has(target.node)) {
      throw malformed(this.#text, this.#file, token.offset, 'an alias names no anchor before it, or one that it is part of');
    }
    const span = { start: token.offset, end: token.offset + token.source.length };
    const place: YamlPlace = { ...this.#place(around, span, 'alias'), target: target.span };
    const risk = hasComments(target.node) ? { commentRisk: 'an alias there stands for comments, and the rule goes by comments' } : {};
    return { ...this.#copies.of(target.node, depthBelow(around)), place: { ...place, ...risk } };
  }

  #count(): void {
    this.#nodes += 1;
    if (this.#nodes > maxNodes) throw new SecError({ code: 'too-large', file: this.#file, what: 'values', limit: maxNodes });
  }

  #anchor({ anchor, start }: Props, node: Node, end: number): void {
    if (anchor !== null) this.#anchors.set(anchor, { node, isKey: false, span: { start: start ?? end, end } });
  }

  #collection(token: CST.BlockMap | CST.BlockSequence | CST.FlowCollection, around: Around, style: 'map' | 'list'): YamlPlace {
    const flow = token.type === 'flow-collection';
    const place = this.#place({ ...around, flow }, { start: token.offset, end: endOf(token) }, style);
    return flow ? place : { ...place, column: token.indent };
  }

  #place(around: Around, span: Span, style: YamlStyle): YamlPlace {
    return placeIn(this.#surroundings(around), span, style);
  }

  #surroundings({ flow, indent, parent, slot }: Around): Surroundings {
    return { flow, indent, inList: parent?.kind === 'list', step: this.#step, eol: this.#eol, slot };
  }
}

function depthBelow(around: Around): number {
  return (around.parent?.depth ?? 0) + 1;
}
