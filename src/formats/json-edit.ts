import { SecError } from '../core/problem.ts';
import { containerAt } from '../core/tree-path.ts';
import type { Entry, Node, Splice } from '../core/tree.ts';
import { indentAt, itemLayout, separator } from './json-layout.ts';
import type { Container } from './json-layout.ts';
import { blockKey } from './json-metadata.ts';
import { NoJsonText, printMember, printNode, typedText } from './json-print.ts';
import type { Layout } from './json-print.ts';
import type { JsonSource } from './json-read.ts';
import { dropSpans, placeOf, spanOf } from './json-spans.ts';

/** Values put into and taken out of a JSON text, in the layout of their neighbours. */

type Path = readonly (string | number)[];

/** See `Format.put`. Of equal keys it is the first that gets the value, as in sops. @throws SecError `cannot-write` */
export function putValue(source: JsonSource, at: Path, value: Node): readonly Splice[] {
  const container = parentAt(source, at);
  const step = at.at(-1);
  if (container === source.root && step === blockKey) throw reserved(source.file);
  const layout = itemLayout(source.text, source.root, container);
  const old = itemAt(container, step);
  return writing(source.file, () => {
    if (old) return [{ ...placeOf(old.kind === 'entry' ? old.value : old), text: printNode(value, layout, typedText) }];
    if (typeof step === 'string') {
      const entry: Entry = { kind: 'entry', key: step, keySpan: null, value };
      return [appended(source, container, (place) => printMember(entry, place, typedText))];
    }
    return [appended(source, container, (place) => printNode(value, place, typedText))];
  });
}

/** See `Format.drop`. */
export function dropValue(source: JsonSource, at: Path): readonly Splice[] {
  const container = parentAt(source, at);
  const index = indexAt(container, at.at(-1));
  const cut = dropSpans(container.place, container.items.map(spanOf), (candidate) => candidate === index)[index];
  if (!cut) throw new RangeError('nothing stands at the path');
  return [{ ...cut, text: '' }];
}

/** A new last item of a container. */
export function appended(source: JsonSource, container: Container, print: (layout: Layout) => string): Splice {
  const { text, root } = source;
  const layout = itemLayout(text, root, container);
  const last = container.items.at(-1);
  if (last) {
    const { end } = spanOf(last);
    return { start: end, end, text: separator(text, container, layout) + print(layout) };
  }
  const { start, end } = container.place;
  const [before, after] = layout.eol === null ? ['', ''] : [layout.eol + layout.indent, layout.eol + indentAt(text, start)];
  return { start: start + 1, end: end - 1, text: before + print(layout) + after };
}

/** The failure to write a second block, or data in its place. */
export function reserved(file: string): SecError {
  return new SecError({ code: 'cannot-write', file, format: 'json', reason: `the top-level key ${blockKey} is reserved` });
}

/** Runs something that prints values. @throws SecError `cannot-write`, with the keys of the value that has no text */
export function writing<T>(file: string, print: () => T): T {
  try {
    return print();
  } catch (cause) {
    if (!(cause instanceof NoJsonText)) throw cause;
    const where = cause.keys.length > 0 ? ` at ${cause.keys.join('.')}` : '';
    throw new SecError({ code: 'cannot-write', file, format: 'json', reason: cause.message + where }, { cause });
  }
}

function parentAt({ root }: JsonSource, at: Path): Container {
  const node = containerAt(root, at);
  if (node === null || !isContainer(node)) throw new RangeError('the path leads to no map or list');
  return node;
}

function isContainer(node: Node): node is Container {
  return node.kind !== 'leaf' && node.place !== null;
}

function itemAt(container: Container, step: string | number | undefined): Entry | Node | undefined {
  const item = container.items[indexAt(container, step)];
  return item?.kind === 'comment' ? undefined : item;
}

/** The index among all items, -1 where there is none. */
function indexAt(container: Container, step: string | number | undefined): number {
  if (typeof step === 'string') {
    if (container.kind !== 'map') throw new RangeError('a key on a list');
    return container.items.findIndex((item) => item.kind === 'entry' && item.key === step);
  }
  if (container.kind !== 'list' || step === undefined) throw new RangeError('a position on a map');
  const values = container.items.filter((item) => item.kind !== 'comment').length;
  if (step < 0 || step > values) throw new RangeError('a position beyond the end of a list');
  let left = step;
  return container.items.findIndex((item) => item.kind !== 'comment' && left-- === 0);
}
