import fc from 'fast-check';
import { expect, test } from 'vitest';

import { canonicalFloat, canonicalInt } from '../../src/core/numbers.ts';
import { applySplices } from '../../src/core/tree.ts';
import type { Branch, Comment, Entry, List, Node, Scalar } from '../../src/core/tree.ts';
import { yaml } from '../../src/formats/yaml/yaml.ts';
import type { YamlSource } from '../../src/formats/yaml/source.ts';
import { nodeOf } from '../helpers/nodes.ts';
import type { Json } from '../helpers/nodes.ts';
import { yamlText } from '../helpers/yaml-texts.ts';

/** An edit of a YAML text is an edit of its tree: the text reads as the old tree with exactly that change. */

type Path = readonly (string | number)[];

/** Values without places and comments: maps are lists of pairs. */
type Model = string | { readonly map: readonly (readonly [string, Model])[] } | { readonly list: readonly Model[] };

const values = fc.constantFrom<Json>(
  'new',
  '',
  'two\nlines\n',
  ' lead\n\n',
  '# x',
  'true',
  "it's",
  5,
  null,
  true,
  {},
  [],
  { k: 'v', l: ['a', 'b\nc'] },
  ['a', { k: 'v' }],
);

const read = (text: string): YamlSource => yaml.read(Buffer.from(text), 'x.yaml');

test('what is replaced is replaced, and nothing else', () => {
  fc.assert(
    fc.property(yamlText, fc.nat(), values, (text, pick, value) => {
      const source = read(text);
      const spots = spotsIn(rootOf(source), [], null);
      const spot = spots[pick % spots.length];
      if (spot === undefined) return;
      const edited = applySplices(source.text, yaml.put(source, spot.path, nodeOf(value)));

      expectEdit(source, edited, changed(modelOf(rootOf(source)), spot.path, modelOf(nodeOf(value))));
      expectComments(source, edited, inside(source.text, spot, 'value'));
    }),
    { numRuns: 150 },
  );
});

test('what is added is added at the end, and nothing else changes', () => {
  fc.assert(
    fc.property(yamlText, fc.nat(), values, (text, pick, value) => {
      const source = read(text);
      const root = rootOf(source);
      const below = spotsIn(root, [], null).filter(({ node }) => node.kind !== 'leaf');
      const { path, node } = [{ path: [], node: root }, ...below][pick % (below.length + 1)] ?? { path: [], node: root };
      const at = [...path, node.kind === 'list' ? itemsOf(node).length : 'newkey'];
      const edited = applySplices(source.text, yaml.put(source, at, nodeOf(value)));

      expectEdit(source, edited, changed(modelOf(root), at, modelOf(nodeOf(value))));
      expectComments(source, edited, () => false);
    }),
    { numRuns: 150 },
  );
});

test('what is taken out is gone, and nothing else', () => {
  fc.assert(
    fc.property(yamlText, fc.nat(), (text, pick) => {
      const source = read(text);
      const spots = spotsIn(rootOf(source), [], null);
      const spot = spots[pick % spots.length];
      if (spot === undefined) return;
      const edited = applySplices(source.text, yaml.drop(source, spot.path));

      expectEdit(source, edited, changed(modelOf(rootOf(source)), spot.path, null));
      expectComments(source, edited, inside(source.text, spot, 'line'));
    }),
    { numRuns: 150 },
  );
});

function expectEdit(source: YamlSource, edited: string, wanted: Model): void {
  const [root, ...others] = read(edited).tree.documents.map(modelOf);
  expect(root).toEqual(wanted);
  expect(others).toEqual(source.tree.documents.slice(1).map(modelOf));
}

/** All comments are still there, but for those that went with the value. */
function expectComments(source: YamlSource, edited: string, mayGo: (comment: Comment) => boolean): void {
  const old = source.tree.documents.flatMap(commentsIn);
  const left = read(edited).tree.documents.flatMap(commentsIn);
  const count = (comments: readonly Comment[], wanted: string): number => comments.filter(({ text }) => text === wanted).length;
  for (const text of new Set([...old, ...left].map((comment) => comment.text))) {
    const lost = count(old, text) - count(left, text);
    expect(lost, `#${text}`).toBeGreaterThanOrEqual(0);
    expect(lost, `#${text}`).toBeLessThanOrEqual(count(old.filter(mayGo), text));
  }
}

interface Spot {
  readonly path: Path;
  readonly node: Node;
  readonly entry: Entry | null;
}

/** Whether a comment is part of a value; or, with its line, stands behind it. */
function inside(text: string, { node, entry }: Spot, extent: 'value' | 'line'): (comment: Comment) => boolean {
  const own = new Set(commentsIn(node));
  const start = entry?.keySpan?.start ?? node.place?.start ?? 0;
  const end = text.indexOf('\n', node.place?.end ?? 0);
  const lastLine = text.slice(node.place?.end ?? 0, end < 0 ? undefined : end);
  return (comment) => {
    const at = comment.place?.start ?? 0;
    // What a text block would swallow has to go, and an alias takes its own text along.
    if (own.has(comment) || isIndented(text, at) || node.place === null) return true;
    return at >= start && at < (node.place?.end ?? 0) + (extent === 'line' ? lastLine.length : 0);
  };
}

function isIndented(text: string, at: number): boolean {
  return /^[ \t]+$/.test(text.slice(text.lastIndexOf('\n', at - 1) + 1, at));
}

function rootOf({ tree }: YamlSource): Branch {
  const [root] = tree.documents;
  if (root === undefined) throw new Error('no document');
  return root;
}

function itemsOf(node: Branch | List): readonly (Entry | Node)[] {
  return node.items.flatMap((item: Entry | Node | Comment) => (item.kind === 'comment' ? [] : [item]));
}

/** Every value below a node. */
function spotsIn(node: Node, path: Path, entry: Entry | null): readonly Spot[] {
  const own = path.length === 0 ? [] : [{ path, node, entry }];
  if (node.kind === 'leaf') return own;
  const below = itemsOf(node).flatMap((item, index) =>
    item.kind === 'entry' ? spotsIn(item.value, [...path, item.key], item) : spotsIn(item, [...path, index], null),
  );
  return [...own, ...below];
}

function commentsIn(item: Entry | Node | Comment): readonly Comment[] {
  if (item.kind === 'comment') return [item];
  if (item.kind === 'entry') return commentsIn(item.value);
  return item.kind === 'leaf' ? [] : [...item.items].flatMap(commentsIn);
}

function modelOf(node: Node): Model {
  if (node.kind === 'leaf') return scalarText(node.value);
  if (node.kind === 'list') return { list: node.items.flatMap((item) => (item.kind === 'comment' ? [] : [modelOf(item)])) };
  return { map: node.items.flatMap((item) => (item.kind === 'comment' ? [] : [[item.key, modelOf(item.value)] as const])) };
}

function scalarText(value: Scalar): string {
  if (value.type === 'int') return `int ${canonicalInt(value.text)}`;
  if (value.type === 'float') return `float ${canonicalFloat(value.text)}`;
  return JSON.stringify(value);
}

/** The model with a value put at a path, or taken out. */
function changed(model: Model | undefined, [step, ...rest]: Path, value: Model | null): Model {
  if (model === undefined || typeof model === 'string' || step === undefined) throw new Error('the path leads nowhere');
  const index = 'list' in model ? Number(step) : model.map.findIndex(([key]) => key === step);
  const at = index < 0 && 'map' in model ? model.map.length : index;
  const old = 'list' in model ? model.list[at] : model.map[at]?.[1];
  const inner = rest.length === 0 ? value : changed(old, rest, value);
  if ('list' in model) return { list: model.list.toSpliced(at, 1, ...(inner === null ? [] : [inner])) };
  return { map: model.map.toSpliced(at, 1, ...(inner === null ? [] : [[String(step), inner] as const])) };
}
