import type { Comment, Entry, Node } from '../../core/tree.ts';
import type { Lines } from './lines.ts';
import { dashContext, loneContext } from './open-nodes.ts';
import { commentPlace } from './place.ts';

/**
 * Puts comments into the tree where go-yaml will put them when it reads the text, since the path of a comment, and with it what
 * seals it, is that of its container. `sops-format.md` §4.4.
 *
 * It follows the builder through the text: before each key, dash, bracket and end, all comments up to there are placed.
 */

/** A collection while it is being filled. */
export interface Container {
  readonly kind: 'map' | 'list';
  readonly items: (Entry | Comment | Node)[];
  readonly depth: number;
}

/** What a comment on the same line comes after. */
type Tail =
  | { readonly kind: 'value' | 'key'; readonly container: Container; readonly index: number; readonly offset: number }
  | { readonly kind: 'flow'; readonly container: Container; readonly offset: number }
  | { readonly kind: 'dash'; readonly offset: number };

/** A container with the column of its keys or dashes. */
interface Block {
  readonly container: Container;
  readonly column: number;
}

/** Comment lines in a row: where they went, and the last of them. */
interface Group extends Block {
  readonly line: number;
  readonly isFoot: boolean;
}

/** Where a group of comments stands when blocks end. */
interface Ending {
  readonly ended: Container;
  readonly next: Block;
  readonly isFoot: boolean;
  readonly isFirst: boolean;
}

export class CommentPlacer {
  readonly #text: string;
  readonly #lines: Lines;
  readonly #offsets: readonly number[];
  #next = 0;
  #last: Container | null = null;
  /** The blocks around the last entry, outermost first, with the columns of their keys or dashes. */
  readonly #open: Block[] = [];
  #tail: Tail | null = null;
  /** Comments above items of nothing: they wait for something to belong to. */
  #waiting: Comment[] = [];

  constructor(text: string, lines: Lines, offsets: readonly number[]) {
    this.#text = text;
    this.#lines = lines;
    this.#offsets = offsets;
  }

  /** A document begins: nothing before it is known any more. `offset`: where its `---` stands, if it has one. */
  startDocument(offset: number | null): void {
    this.#open.length = 0;
    this.#last = null;
    this.#tail = offset === null ? null : { kind: 'dash', offset };
  }

  /** A key or a dash of a block. Call it before the entry is added. */
  entry(container: Container, offset: number, column: number): void {
    if (container.kind === 'map') this.#waiting = [];
    this.#place(offset, container, column);
    while ((this.#open.at(-1)?.container.depth ?? 0) >= container.depth) this.#open.pop();
    this.#open.push({ container, column });
    this.#last = container;
    this.#tail = null;
  }

  /** The indicator behind a key: its value may follow on the same line, below, or not at all. `index` is where the entry stands. */
  afterKey(container: Container, index: number, offset: number): void {
    this.#tail = { kind: 'key', container, index, offset };
  }

  afterDash(offset: number): void {
    this.#tail = { kind: 'dash', offset };
  }

  /** An anchor or a tag of a block: a comment behind it belongs to the block, unless another stands before it. */
  afterProps(offset: number): void {
    if ((this.#offsets[this.#next] ?? offset) >= offset) this.afterDash(offset);
  }

  /** What waits above a list in a list belongs there. */
  enterList(): void {
    this.#waiting = [];
  }

  /** What waits at the end of a list belongs to the map around it. */
  leaveList(list: Container, outer: Container | null): void {
    if (this.#waiting.length === 0) return;
    const waiting = new Set<Container['items'][number]>(this.#waiting);
    const moved = new Set(list.items.filter((item) => waiting.has(item)));
    let kept = 0;
    for (const item of list.items) {
      if (moved.has(item)) outer?.items.push(item);
      else list.items[kept++] = item;
    }
    list.items.length = kept;
    if (outer?.kind === 'map') this.#waiting = this.#waiting.filter((comment) => !moved.has(comment));
  }

  /** A scalar or an alias that is the value of an entry, or an item of a list. */
  afterValue(container: Container, index: number, offset: number): void {
    this.#waiting = [];
    this.#tail = { kind: 'value', container, index, offset };
  }

  enterFlow(container: Container, offset: number): void {
    this.#waiting = [];
    if (this.#last !== null) this.#place(offset, this.#last, 0);
    this.#tail = null;
    this.#last = container;
  }

  /** An item within brackets. */
  flowItem(container: Container, offset: number): void {
    this.#place(offset, container, 0);
    this.#tail = null;
  }

  /** The end of brackets, or of an alias that is written in brackets once it is sealed. */
  leaveFlow(container: Container, outer: Container | null, offset: number): void {
    this.#waiting = [];
    this.#place(offset, container, 0);
    this.#last = outer;
    this.#tail = { kind: 'flow', container, offset };
  }

  /** The end of a document, where the metadata block stands or will stand as its next key. */
  endDocument(root: Container, offset: number, column: number): void {
    this.#place(offset, root, column);
  }

  /** Leaves out what stands in the metadata block, which has just ended. */
  skipTo(offset: number, root: Container): void {
    while ((this.#offsets[this.#next] ?? offset) < offset) this.#next += 1;
    this.#last = root;
    this.#tail = null;
  }

  /** Places all comments before an offset, at which a key or dash of `next` stands in `column`. */
  #place(offset: number, next: Container, column: number): void {
    let above: Group | null = null;
    for (;;) {
      const at = this.#offsets[this.#next];
      if (at === undefined || at >= offset) return;
      this.#next += 1;
      const tail = this.#tail;
      if (tail !== null && this.#lines.line(tail.offset) === this.#lines.line(at)) {
        this.#placeBehind(tail, at, next);
        continue;
      }
      above = this.#groupOf(at, above, { container: next, column });
      this.#add(at, above.container, above.isFoot && this.#tail?.kind !== 'key' ? null : next);
    }
  }

  /** Comment lines in a row and in one column stay together. */
  #groupOf(at: number, above: Group | null, next: Block): Group {
    const line = this.#lines.line(at);
    const column = this.#lines.column(at);
    if (above?.line === line - 1 && above.column === column && !this.#isParted(above.line)) return { ...above, line };
    const ended = this.#endedBefore(next);
    const isFoot = above === null && this.#tail?.kind !== 'dash' && this.#isFoot(line);
    const isPast = above !== null && above.column <= next.column && above.container === next.container;
    if (ended === null || isPast) return { column, line, isFoot, container: next.container };
    return { column, line, isFoot, container: this.#containerOf(column, { ended, next, isFoot, isFirst: above === null }) };
  }

  /** The innermost block that ends before the next one. */
  #endedBefore(next: Block): Container | null {
    return this.#last !== null && this.#last.depth > next.container.depth ? this.#last : null;
  }

  /**
   * Among the blocks that end here, go-yaml goes by the column. A comment that a blank line parts from what follows, and nothing from
   * what is above it, is a foot of the block in its column. Of all others the first belong to the innermost block, whatever their column,
   * and those below them to the map around.
   */
  #containerOf(column: number, { ended, next, isFoot, isFirst }: Ending): Container {
    const isOwnList = ended.kind === 'list' && this.#open.some((block) => block.container === ended && block.column === column);
    if (isFoot && isOwnList) return ended;
    if (column === next.column || (!isFirst && column < next.column)) return next.container;
    const list = this.#listAt(column);
    if (list !== null) return list;
    const isDeep = column > (this.#open.at(-1)?.column ?? column);
    if (isFirst && (!isFoot || isDeep)) return !isFoot && this.#isLoose(ended, next) ? next.container : ended;
    const maps = this.#open.filter(({ container }) => container.kind === 'map' && container.depth > next.container.depth);
    const isAligned = this.#open.some((block) => block.column === column);
    const around = maps.findLast((block) => block.column <= column)?.container ?? next.container;
    return isFoot && !isAligned ? next.container : around;
  }

  /** Whether a list has its dashes in the column of the keys that go on after it. */
  #isLoose(ended: Container, next: Block): boolean {
    const [around, block] = this.#open.slice(-2);
    return ended.kind === 'list' && block?.container === ended && around?.container === next.container && block.column === next.column;
  }

  /** The list with its dashes in a column, where it holds the last entry with nothing but lists between: its path is theirs. */
  #listAt(column: number): Container | null {
    const inner = this.#open.slice(this.#open.findLastIndex(({ container }) => container.kind === 'map') + 1);
    return inner.find((block) => block.column === column)?.container ?? null;
  }

  /** Whether the comment lines from a line on follow something directly, and a blank line follows them. */
  #isFoot(line: number): boolean {
    const above = line === 0 ? '' : this.#lines.text(line - 1).trim();
    if (above === '' || above.startsWith('#')) return false;
    const column = this.#lines.text(line).indexOf('#');
    let below = line + 1;
    while (this.#lines.text(below).trimStart().startsWith('#') && this.#lines.text(below).indexOf('#') === column) below += 1;
    // The end of the text is no blank line: the metadata block follows there.
    return this.#isParted(line) || /^\s+$/.test(this.#lines.text(below));
  }

  /** go-yaml takes the two characters that end a line behind a comment for two line breaks. */
  #isParted(line: number): boolean {
    return this.#lines.text(line).endsWith('\r\n');
  }

  #placeBehind(tail: Tail, at: number, next: Container): void {
    if (tail.kind === 'dash') {
      this.#add(at, this.#behindDash(next), next);
    } else if (tail.kind === 'flow') {
      tail.container.items.unshift(this.#behindBrackets(tail, at));
    } else {
      tail.container.items.splice(tail.index, 0, { ...this.#comment(at, null), inline: tail.kind === 'value' });
      this.#tail = { ...tail, index: tail.index + 1 };
    }
  }

  /** A comment behind the last dash of a list that has nothing behind it waits for a map, too. */
  #behindDash(next: Container): Container {
    const isLast = this.#last?.kind === 'list' && next.depth < this.#last.depth;
    const maps = isLast ? this.#open.filter(({ container }) => container.kind === 'map' && container.depth > next.depth) : [];
    return maps.at(-1)?.container ?? next;
  }

  #add(at: number, container: Container, next: Container | null): void {
    const comment = this.#comment(at, container);
    container.items.push(comment);
    if (container === next && container.kind === 'list') this.#waiting.push(comment);
  }

  /** sops writes a comment that is alone in a list as its only item, with no brackets. */
  #behindBrackets({ container, offset }: Extract<Tail, { kind: 'flow' }>, at: number): Comment {
    const comment = this.#comment(at, null);
    const isLone = container.items.length === 0 && this.#text.slice(offset - 2, at) === '[] ';
    if (!isLone || comment.place === null) return comment;
    return { ...comment, place: { ...comment.place, start: offset - 2, style: 'lone item', context: loneContext } };
  }

  #comment(at: number, container: Container | null): Comment {
    const end = this.#endOfLine(at);
    const context = container?.kind === 'list' ? dashContext(this.#lines.column(at)) : '';
    return {
      kind: 'comment',
      text: this.#text.slice(at + 1, end),
      inline: false,
      place: commentPlace({ start: at, end }, 'comment', context),
    };
  }

  #endOfLine(at: number): number {
    const feed = this.#text.indexOf('\n', at);
    const end = feed < 0 ? this.#text.length : feed;
    return this.#text[end - 1] === '\r' ? end - 1 : end;
  }
}
