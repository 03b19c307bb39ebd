import type { Level, Scope } from './selection.ts';
import type { Branch, Comment, Entry, Leaf, List, Node, Tree } from './tree.ts';

/** The one loop over a tree: sealing, opening, hashing and masking are visitors of it. `sops-format.md` §10. */

/** Where the walk stands. */
export interface Spot {
  /** The additional data of a value here: keys, each with a colon; of a comment: that of its container (§10.2). */
  readonly aad: string;
  /** Whether what stands here is encrypted by the rule of the file. */
  readonly selected: boolean;
  /** Number of the node in the walk. Comments are counted on their own, below zero. */
  readonly ordinal: number;
  /** Whether it is a comment among the elements of a list. */
  readonly inList: boolean;
  /** The steps from the root, list positions included: for messages. To be asked while the walk stands here. */
  path(): readonly (string | number)[];
}

export interface Visitor {
  /** Gives the leaf of the new tree. */
  leaf(leaf: Leaf, spot: Spot): Leaf;
  /** Gives the comment of the new tree. */
  comment(comment: Comment, spot: Spot): Comment;
  /** A map or list, before what is in it. */
  enter?(node: Branch | List, spot: Spot): void;
}

/** Walks in document order, all documents in a row, and gives the tree of what the visitor made. Places stay. */
export function mapTree(tree: Tree, root: Scope, visitor: Visitor): Tree {
  const walk = new Walk(visitor);
  return { documents: tree.documents.map((document) => walk.map(document, root, '')) };
}

/** A scope in which everything is, or is not, selected: for walks that ask no rule. */
export function everywhere(selected: boolean): Scope {
  const scope: Scope = { selected, enter: () => level };
  const level: Level = { comment: () => selected, entry: () => scope };
  return scope;
}

class Walk {
  readonly #visitor: Visitor;
  readonly #steps: (string | number)[] = [];
  readonly #path = (): readonly (string | number)[] => [...this.#steps];
  #ordinal = 0;
  #comments = 0;

  constructor(visitor: Visitor) {
    this.#visitor = visitor;
  }

  map(branch: Branch, scope: Scope, path: string): Branch {
    const spot = this.#spot(path, scope.selected);
    this.#visitor.enter?.(branch, spot);
    const level = scope.enter();
    const items = branch.items.map((item): Entry | Comment => {
      if (item.kind === 'comment') return this.#comment(item, level, path, false);
      this.#steps.push(item.key);
      const value = this.#node(item.value, level.entry(item.key), `${path}${item.key}:`);
      this.#steps.pop();
      return { kind: 'entry', key: item.key, value, keySpan: item.keySpan };
    });
    return { ...branch, items };
  }

  #list(list: List, scope: Scope, path: string): List {
    const spot = this.#spot(path, scope.selected);
    this.#visitor.enter?.(list, spot);
    const level = scope.enter();
    let position = 0;
    const items = list.items.map((item): Node | Comment => {
      if (item.kind === 'comment') return this.#comment(item, level, path, true);
      this.#steps.push(position);
      const node = this.#node(item, level.entry(null), path);
      this.#steps.pop();
      position += 1;
      return node;
    });
    return { ...list, items };
  }

  #node(node: Node, scope: Scope, path: string): Node {
    if (node.kind === 'map') return this.map(node, scope, path);
    if (node.kind === 'list') return this.#list(node, scope, path);
    return this.#visitor.leaf(node, this.#spot(path, scope.selected));
  }

  #comment(comment: Comment, level: Level, path: string, inList: boolean): Comment {
    const selected = level.comment(comment.text);
    this.#comments += 1;
    const spot: Spot = { aad: path === '' ? ':' : path, selected, ordinal: -this.#comments, inList, path: this.#path };
    return this.#visitor.comment(comment, spot);
  }

  #spot(aad: string, selected: boolean): Spot {
    this.#ordinal += 1;
    return { aad, selected, ordinal: this.#ordinal, inList: false, path: this.#path };
  }
}
