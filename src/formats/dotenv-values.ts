import { printPath } from '../core/path.ts';
import { SecError } from '../core/problem.ts';
import { mapTree, everywhere } from '../core/walk.ts';
import type { Tree } from '../core/tree.ts';
import { fromChars } from './dotenv-text.ts';
import type { Source } from './format.ts';

/** What the values of `.env` files mean to programs. To sops, and so in a sealed file, a value is all that stands behind `=`. */

/**
 * The tree of a plain `.env` text with its values as programs understand them. A value that is no text stays as it is.
 *
 * @throws SecError `bad-variable` where programs would find a line end within a value
 */
export function interpretValues({ text, tree }: Source, file: string): Tree {
  return mapTree(tree, everywhere(false), {
    leaf: (leaf, spot) => {
      const raw = leaf.place === null ? null : fromChars(text.slice(leaf.place.start, leaf.place.end));
      if (raw === null) return leaf;
      if (goesOn(raw)) throw new SecError({ code: 'bad-variable', file, key: printPath(spot.path()), reason: lineEnd });
      return { ...leaf, value: { type: 'str', text: interpretDotenv(raw) } };
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

/** Whether programs take another text from a value than the one that sops stores. One that stands in quotes is meant so. */
export function isMisread(text: string): boolean {
  const raw = text.replaceAll('\n', '\\n');
  return !quoted.test(raw) && (goesOn(raw) || interpretDotenv(raw) !== text);
}

const lineEnd = 'it holds a CR, which ends a line to programs: put it in quotes';

/** Whether there is text behind a line end that no quotes hold: it would be lost, and may be another variable. */
function goesOn(raw: string): boolean {
  const lines = raw.trim().replaceAll(/\r\n?/g, '\n');
  return lines.includes('\n') && !quoted.test(lines);
}

/** From one quote to the next of its kind, a quote behind a backslash aside, if nothing but a comment follows. */
const quoted = /^\s*('(?:\\'|[^'])*'|"(?:\\"|[^"])*"|`(?:\\`|[^`])*`)\s*(?:#.*)?$/;

/** Else up to a comment, which needs no space before it. */
const unquoted = /^[^#\n]*/;
