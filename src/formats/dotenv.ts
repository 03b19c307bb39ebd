import type { MetaMap } from '../core/metadata.ts';
import type { Comment, Entry, Tree } from '../core/tree.ts';
import { addBlock, printBlock, removeBlock, updateBlock } from './dotenv-block.ts';
import { cannotWrite, dropEntry, printKey, printValue, putEntry } from './dotenv-edit.ts';
import { keptOf, readDotenv } from './dotenv-read.ts';
import type { DotenvSource } from './dotenv-read.ts';
import { commentChars, valueChars } from './dotenv-text.ts';
import type { Format, PrintOptions } from './format.ts';

/**
 * `.env` files in the dialect of sops: what stands behind `=` is the value, quotes and all. Texts are one character a byte, since
 * values may be any bytes. How programs understand such values is told by `dotenv-values.ts`. `sops-format.md` §7.
 */
export const dotenv: Format<DotenvSource> = {
  name: 'dotenv',
  read: (bytes, file) => readDotenv(bytes, file),
  after: ({ source, plain }) => {
    const kept = keptOf(source, plain());
    return { ...dotenv, read: (bytes, file) => readDotenv(bytes, file, kept) };
  },
  encode: (text) => Buffer.from(text, 'latin1'),
  sealLeaf: ({ start, end }, enc) => ({ text: enc, place: { start, end, style: 'line' } }),
  openLeaf: (_place, value) => {
    const chars = valueChars(value);
    // The caller knows the file and the key, and says them.
    if (chars === null) throw cannotWrite('', 'there is no null in this format');
    return chars;
  },
  sealComment: (_comment, enc) => `#${enc}`,
  openComment: (_comment, text) => commentChars(text),
  expand: () => null,
  addMetadata: addBlock,
  updateMetadata: updateBlock,
  removeMetadata: removeBlock,
  put: putEntry,
  drop: dropEntry,
  print: printTree,
  printValue: (value, { file }) => {
    if (value.kind === 'leaf' && value.value.type === 'str') return Buffer.from(value.value.text, 'utf8');
    if (value.kind === 'leaf' && value.value.type === 'bytes') return value.value.bytes;
    throw cannotWrite(file, 'only a text can be printed on its own in this format');
  },
};

/** The first document, as sops has it. */
function printTree(tree: Tree, metadata: MetaMap | null, { file }: PrintOptions): string {
  const items = tree.documents[0]?.items ?? [];
  const lines = [...items.map((item) => printItem(item, file)), ...(metadata === null ? [] : printBlock(metadata, file))];
  return lines.map((line) => `${line}\n`).join('');
}

function printItem(item: Entry | Comment, file: string): string {
  if (item.kind === 'comment') return commentChars(item.text);
  return printKey(item.key, file) + printValue(item.key, item.value, file);
}
