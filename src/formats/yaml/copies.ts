import { SecError } from '../../core/problem.ts';
import type { Entry, Leaf, Node } from '../../core/tree.ts';
import { maxDepth, maxReferenced } from '../limits.ts';
import type { OpenCollection } from './open-nodes.ts';

/** What aliases stand for, copied. A few lines of references to references stand for more than any memory holds, so it is counted. */
export class Copies {
  readonly #file: string;
  #count = 0;

  /** @param file name for messages */
  constructor(file: string) {
    this.#file = file;
  }

  /**
   * A referenced node once more, without places: its text stands elsewhere. Comments are not repeated.
   *
   * @throws SecError `too-large`, `too-deep`
   */
  of(node: Node, depth: number): Leaf | OpenCollection {
    this.#check(depth);
    if (node.kind === 'leaf') return { ...node, place: null };
    const deeper = depth + 1;
    if (node.kind === 'list') {
      return {
        kind: 'list',
        items: node.items.flatMap((item) => (item.kind === 'comment' ? [] : [this.of(item, deeper)])),
        place: null,
        depth,
      };
    }
    const copyEntry = (item: Entry): Entry => ({ ...item, keySpan: null, value: this.of(item.value, deeper) });
    return { kind: 'map', items: node.items.flatMap((item) => (item.kind === 'comment' ? [] : [copyEntry(item)])), place: null, depth };
  }

  #check(depth: number): void {
    this.#count += 1;
    const file = this.#file;
    if (this.#count > maxReferenced)
      throw new SecError({ code: 'too-large', file, what: 'values that aliases stand for', limit: maxReferenced });
    if (depth > maxDepth) throw new SecError({ code: 'too-deep', file, limit: maxDepth });
  }
}
