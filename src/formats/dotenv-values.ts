import { mapTree, everywhere } from '../core/walk.ts';
import type { Tree } from '../core/tree.ts';
import { fromChars } from './dotenv-text.ts';
import type { Source } from './format.ts';

/** What the values of `.env` files mean to programs. To sops, and so in a sealed file, a value is all that stands behind `=`. */

/** The tree of a plain `.env` text with its values as programs understand them. A value that is no text stays as it is. */
export function interpretValues({ text, tree }: Source): Tree {
  return mapTree(tree, everywhere(false), {
    leaf: (leaf) => {
      const raw = leaf.place === null ? null : fromChars(text.slice(leaf.place.start, leaf.place.end));
      return raw === null ? leaf : { ...leaf, value: { type: 'str', text: interpretDotenv(raw) } };
    },
    comment: (comment) => comment,
  });
}

/**
 * What a value of a `.env` file stands for, as the npm package `dotenv` reads it (v17 and v18 agree): quotes of three kinds around it
 * go, a comment after it goes, and in double quotes `\n` and `\r` are line breaks. Nothing is expanded.
 *
 * @param raw what stands behind the first `=`
 */
export function interpretDotenv(raw: string): string {
  const lines = raw.replaceAll(/\r\n?/g, '\n');
  const text = (quoted.exec(lines)?.[1] ?? unquoted.exec(lines)?.[0] ?? '').trim();
  const content = /^(['"`])([\s\S]*)\1$/.exec(text)?.[2] ?? text;
  return text.startsWith('"') ? content.replaceAll('\\n', '\n').replaceAll('\\r', '\r') : content;
}

/** From one quote to the next of its kind, a quote behind a backslash aside, if nothing but a comment follows. */
const quoted = /^\s*('(?:\\'|[^'])*'|"(?:\\"|[^"])*"|`(?:\\`|[^`])*`)\s*(?:#.*)?$/;

/** Else up to a comment, which needs no space before it. */
const unquoted = /^[^#\n]*/;
