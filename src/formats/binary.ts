import { parseSealed } from '../core/cipher.ts';
import type { MetaMap } from '../core/metadata.ts';
import { SecError } from '../core/problem.ts';
import type { Node, Scalar, Splice } from '../core/tree.ts';
import { applySplices } from '../core/tree.ts';
import { dataKey, dataOf, readBinary, sealedStyle } from './binary-read.ts';
import type { BinarySource } from './binary-read.ts';
import { toChars } from './dotenv-text.ts';
import type { Format } from './format.ts';
import { json } from './json.ts';
import { updateBlock } from './json-block.ts';

/**
 * A whole file as one value. Sealed, it is a JSON text with the value under `data`; without its metadata block, nothing is left of that
 * text but the sealed value in its quotes, so that the block is all around it. `sops-format.md` §6.
 */
export const binary: Format<BinarySource> = {
  name: 'binary',
  read: readBinary,
  encode: (text) => Buffer.from(text, 'latin1'),
  sealLeaf: (place, enc) => {
    const text = `"${enc}"`;
    if (place.style !== sealedStyle) return { text, place: { start: 0, end: text.length, style: sealedStyle } };
    throw new SecError({ code: 'cannot-encrypt', file: '', key: dataKey, reason: 'it is an encrypted value that lost its metadata' });
  },
  openLeaf: (_place, value) => charsOf(value, ''),
  sealComment: (_comment, enc) => enc,
  openComment: (_comment, text) => text,
  expand: () => null,
  addMetadata,
  updateMetadata,
  removeMetadata,
  put: putAt,
  drop: ({ file }) => {
    throw cannotWrite(file, 'a whole file is one value, which cannot be taken away');
  },
  print: (tree, metadata, options) => {
    if (metadata !== null) return toChars(json.print(tree, metadata, options));
    const data = dataOf(tree);
    if (data === null) throw notOneValue(options.file);
    return charsOf(data.value, options.file);
  },
  printValue: (value, { file }) => {
    if (value.kind === 'leaf' && value.value.type === 'str') return Buffer.from(value.value.text);
    if (value.kind === 'leaf' && value.value.type === 'bytes') return value.value.bytes;
    throw cannotWrite(file, 'only a text can be printed on its own in this format');
  },
};

/** @throws SecError `already-encrypted`, `cannot-write` */
function addMetadata({ text, json: sealed, data, file }: BinarySource, metadata: MetaMap): readonly Splice[] {
  if (sealed !== null) throw new SecError({ code: 'already-encrypted', file });
  const head = `{\n\t"${dataKey}": `;
  const block = json.print({ documents: [] }, metadata, { file, indent: null });
  const tail = `,${toChars(block.slice(1))}`;
  if (text === '') return [{ start: 0, end: 0, text: `${head}""${tail}` }];
  // An empty block is none, so nothing has to be encrypted for it.
  if (data?.place.style !== sealedStyle && metadata.size === 0) return [];
  if (data?.place.style !== sealedStyle) throw cannotWrite(file, 'a whole file is encrypted as one value or not at all');
  return [
    { start: 0, end: 0, text: head },
    { start: text.length, end: text.length, text: tail },
  ];
}

/** The JSON text with its block changed where it differs; the value in it stays as it is. */
function updateMetadata(source: BinarySource, metadata: MetaMap): readonly Splice[] {
  if (source.json === null) return addMetadata(source, metadata);
  const splices = updateBlock(source.json, metadata);
  if (splices.length === 0) return [];
  return [{ start: 0, end: source.text.length, text: toChars(applySplices(source.json.text, splices)) }];
}

/** All around the value; where that is not sealed, it is written as it will be read. @throws SecError `cannot-write` */
function removeMetadata({ text, json: sealed, data, file }: BinarySource): readonly Splice[] {
  if (sealed === null) return [];
  if (data === null) throw notOneValue(file);
  const { start, end } = data.place;
  const isSealed = data.value.type === 'str' && parseSealed(data.value.text) !== null;
  if (!isSealed) return [{ start: 0, end: text.length, text: charsOf(data.value, file) }];
  return [
    { start: 0, end: start, text: '' },
    { start: end, end: text.length, text: '' },
  ];
}

/** @throws SecError `cannot-write` for anything but another content of the file */
function putAt({ text, file }: BinarySource, at: readonly (string | number)[], value: Node): readonly Splice[] {
  if (at.length !== 1 || at[0] !== dataKey || value.kind !== 'leaf') throw cannotWrite(file, 'a whole file is one value');
  return [{ start: 0, end: text.length, text: charsOf(value.value, file) }];
}

function charsOf(value: Scalar, file: string): string {
  if (value.type === 'str') return toChars(value.text);
  if (value.type === 'bytes') return Buffer.from(value.bytes).toString('latin1');
  throw cannotWrite(file, 'the content of a file is a text or bytes');
}

function notOneValue(file: string): SecError {
  return cannotWrite(file, 'it is no whole file that was encrypted: choose another output type');
}

function cannotWrite(file: string, reason: string): SecError {
  return new SecError({ code: 'cannot-write', file, format: 'binary', reason });
}
