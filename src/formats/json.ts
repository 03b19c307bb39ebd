import type { MetaMap } from '../core/metadata.ts';
import { SecError } from '../core/problem.ts';
import type { Branch, Entry, Place, Tree } from '../core/tree.ts';
import type { Format, PrintOptions } from './format.ts';
import { addBlock, removeBlock, updateBlock } from './json-block.ts';
import { dropValue, putValue, reserved, writing } from './json-edit.ts';
import { blockKey } from './json-metadata.ts';
import { metaNode } from './meta-node.ts';
import { defaultLayout, keptText, printNode, quote } from './json-print.ts';
import type { Layout } from './json-print.ts';
import { readJson } from './json-read.ts';
import type { ItemPlace, JsonSource } from './json-read.ts';

const utf8 = new TextEncoder();

/**
 * JSON: strict, the top an object, equal keys kept as they stand. A sealed value is a string whatever it was. JSON has no comments;
 * those that came from YAML are strings among the elements of a list, and go when they are opened. `sops-format.md` §5.
 */
export const json: Format<JsonSource> = {
  name: 'json',
  read: readJson,
  encode: (text) => utf8.encode(text),
  sealLeaf: (place, enc) => ({ text: quote(enc), place: { ...place, style: 'string' } }),
  // The caller knows the file and the key, and says them.
  openLeaf: (_place, value) => writing('', () => keptText(value)),
  sealComment: ({ place }, enc) => (isItemPlace(place) ? place.before + quote(enc) + place.after : quote(enc)),
  openComment: () => '',
  expand: () => null,
  addMetadata: addBlock,
  updateMetadata: updateBlock,
  removeMetadata: removeBlock,
  put: putValue,
  drop: dropValue,
  print: printTree,
  printValue: (value, options) => {
    if (value.kind === 'leaf' && value.value.type === 'str') return utf8.encode(value.value.text);
    if (value.kind === 'leaf' && value.value.type === 'bytes') return value.value.bytes;
    return utf8.encode(writing(options.file, () => printNode(value, layoutOf(options))));
  },
};

function isItemPlace(place: Place | null): place is ItemPlace {
  return place?.style === 'item';
}

/** The first document, as sops has it. */
function printTree(tree: Tree, metadata: MetaMap | null, options: PrintOptions): string {
  const items = tree.documents[0]?.items ?? [];
  if (metadata !== null && items.some((item) => item.kind === 'entry' && item.key === blockKey)) throw reserved(options.file);
  const block: readonly Entry[] = metadata === null ? [] : [{ kind: 'entry', key: blockKey, keySpan: null, value: metaNode(metadata) }];
  const root: Branch = { kind: 'map', items: [...items, ...block], place: null };
  const layout = layoutOf(options);
  return writing(options.file, () => `${printNode(root, layout)}\n`);
}

function layoutOf({ indent, file }: PrintOptions): Layout {
  if (indent !== null && indent < -1) {
    throw new SecError({ code: 'cannot-write', file, format: 'json', reason: 'an indentation below -1' });
  }
  return defaultLayout(indent);
}
