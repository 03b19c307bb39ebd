import { field } from '../../core/fields.ts';
import type { Branch, Comment, Leaf, Node, Tree } from '../../core/tree.ts';
import type { Expansion, Format, PrintOptions } from '../format.ts';
import { metaNode } from '../meta-node.ts';
import { addMetadata, removeMetadata, updateMetadata } from './metadata.ts';
import { openLeaf, printFlow, printScalar, sealLeaf } from './open-seal.ts';
import { isYamlPlace } from './place.ts';
import { printList, printMap } from './print.ts';
import type { Layout } from './print.ts';
import { readSimple, readYaml } from './source.ts';
import type { YamlSource } from './source.ts';
import { fullYaml } from './syntax.ts';
import type { MetaMap } from '../../core/metadata.ts';

/** YAML. `sops-format.md` §4. It reads what needs no parser; `yaml.ts` has all of it. */
export const lightYaml: Format<YamlSource> = {
  name: 'yaml',
  read: readYaml,
  encode: (text) => Buffer.from(text),
  sealLeaf,
  openLeaf,
  sealComment: commentText,
  openComment: commentText,
  expand,
  addMetadata,
  updateMetadata,
  removeMetadata,
  put: (source, at, value) => fullYaml().put(source, at, value),
  drop: (source, at) => fullYaml().drop(source, at),
  print,
  printValue,
};

/**
 * Whether a sealed text can be read and opened without the parser. With a layout hint the plain text is read once more, whatever its
 * forms are.
 *
 * @throws SecError as `Format.read`
 */
export function canOpenLight(bytes: Uint8Array, file: string): boolean {
  const source = readSimple(bytes, file);
  return source !== null && (source.metadata === null || field(source.metadata, 'sec') === undefined);
}

function commentText({ place }: Comment, text: string): string {
  return place?.style === 'lone item' ? `[] #${text}` : `#${text}`;
}

function expand(node: Node, sealed: (leaf: Leaf) => string | null): Expansion | null {
  if (node.place === null || !isYamlPlace(node.place) || node.place.style !== 'alias') return null;
  const { start, end, eol, target } = node.place;
  return { start, end, text: printFlow(node, sealed, eol), target: target ?? { start, end } };
}

/** sops's four columns, or what is asked for; what its printer does not know counts as two (§4.5). */
function layoutOf({ indent }: PrintOptions): Layout {
  const step = indent === null || indent === 0 ? 4 : indent;
  return { step: step < 2 || step > 9 ? 2 : step, eol: '\n' };
}

function print(tree: Tree, metadata: MetaMap | null, options: PrintOptions): string {
  const layout = layoutOf(options);
  const documents = tree.documents.map((document) => printRoot(withBlock(document, metadata), layout));
  return documents.join('---\n');
}

function withBlock(document: Branch, metadata: MetaMap | null): Branch {
  if (metadata === null) return document;
  return { ...document, items: [...document.items, { kind: 'entry', key: 'sops', value: metaNode(metadata), keySpan: null }] };
}

function printRoot(root: Branch, layout: Layout): string {
  const isEmpty = root.items.every((item: Comment | { kind: 'entry' }) => item.kind === 'comment');
  const lines = printMap(root, 0, layout);
  return [...(isEmpty ? ['{}'] : []), ...lines].map((line) => `${line}\n`).join('');
}

function printValue(value: Node): Uint8Array {
  if (value.kind === 'leaf' && value.value.type === 'str') return Buffer.from(value.value.text);
  if (value.kind === 'leaf' && value.value.type === 'bytes') return value.value.bytes;
  // Extracts ignore the configured indentation (§9).
  const layout = { step: 4, eol: '\n' };
  const lines =
    value.kind === 'leaf'
      ? [printScalar(value.value, flat)]
      : value.kind === 'list'
        ? printList(value, 0, layout)
        : printMap(value, 0, layout);
  return Buffer.from(lines.length === 0 ? '[]\n' : lines.map((line) => `${line}\n`).join(''));
}

const flat = { flow: false, key: false, blockColumn: 4, blockDigit: 4, eol: '\n' };
