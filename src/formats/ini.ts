import { SecError } from '../core/problem.ts';
import type { Place } from '../core/tree.ts';
import type { Format } from './format.ts';
import { addBlock, removeBlock, updateBlock } from './ini-block.ts';
import { openComment, sealComment } from './ini-comments.ts';
import { dropAt, putAt } from './ini-edit.ts';
import { printTree } from './ini-print.ts';
import { readIni } from './ini-read.ts';
import type { IniPlace, IniSource } from './ini-read.ts';
import { quoted } from './ini-value.ts';
import { scalarChars, styleOf, writeValue } from './ini-write.ts';
import { defaultLayout, NoJsonText, printNode } from './json-print.ts';

/**
 * INI files in the dialect of sops, which is that of a Go library: values end at `#` and `;`, also between double quotes. Texts are one
 * character a byte, since values may be any bytes. `sops-format.md` §8.
 */
export const ini: Format<IniSource> = {
  name: 'ini',
  read: readIni,
  encode: (text) => Buffer.from(text, 'latin1'),
  sealLeaf: (place, enc) => {
    const style = isBare(place) ? 'plain' : (styleOf(place) ?? 'plain');
    const sealed: IniPlace = { ...place, style, bare: false };
    return { text: quoted(enc, style), place: sealed };
  },
  // The caller knows the file and the key, and says them.
  openLeaf: (place, value) => writeValue(scalarChars(value, ''), styleOf(place), ''),
  sealComment,
  openComment,
  expand: () => null,
  addMetadata: addBlock,
  updateMetadata: updateBlock,
  removeMetadata: removeBlock,
  put: putAt,
  drop: dropAt,
  print: (tree, metadata, { file }) => printTree(tree, metadata, file),
  printValue: (value, { file }) => {
    if (value.kind === 'leaf' && value.value.type === 'str') return Buffer.from(value.value.text);
    if (value.kind === 'leaf' && value.value.type === 'bytes') return value.value.bytes;
    try {
      return Buffer.from(printNode(value, { ...defaultLayout(null), eol: null, colon: ':', comma: ',' }));
    } catch (cause) {
      if (!(cause instanceof NoJsonText)) throw cause;
      throw new SecError({ code: 'cannot-write', file, format: 'ini', reason: cause.message }, { cause });
    }
  },
};

function isBare(place: Place): boolean {
  return 'bare' in place && place.bare === true;
}
