import { canonicalInt } from './numbers.ts';
import { printPath, type Path } from './path.ts';
import { SecError } from './problem.ts';
import type { Scalar, Tree } from './tree.ts';
import { everywhere, mapTree } from './walk.ts';

/** A tree as environment variables. */

/** How the path of a value becomes the name of a variable. */
export interface Naming {
  /** For messages. */
  readonly file: string;
  /** Put in front of every name, as it stands. */
  readonly prefix: string;
  /** Put between the parts of a path. */
  readonly separator: string;
  /** `as-written` for a file whose keys are names of variables already. */
  readonly keys: 'as-written' | 'upper-case';
}

export interface Variable {
  readonly name: string;
  readonly value: string;
}

/**
 * One variable a value, in document order. The parts of a path (list positions included) are written in upper case, with `_` for all
 * but ASCII letters and digits, and joined: `db.hosts[0]` is `DB_HOSTS_0`. The last of equal keys and of equal paths of several
 * documents wins.
 *
 * @throws SecError `name-collision` where two paths have one name, `bad-variable`
 */
export function environmentOf(tree: Tree, naming: Naming): readonly Variable[] {
  const found = new Map<string, { readonly path: string; readonly value: string }>();
  const add = (path: Path, value: Scalar): void => {
    const name = nameOf(path, naming);
    const written = printPath(path);
    const other = found.get(name)?.path ?? written;
    if (other !== written) throw new SecError({ code: 'name-collision', file: naming.file, name, first: other, second: written });
    found.set(name, { path: written, value: valueOf(value, written, naming) });
  };
  mapTree(tree, everywhere(true), {
    leaf: (leaf, spot) => {
      add(spot.path(), leaf.value);
      return leaf;
    },
    comment: (comment) => comment,
  });
  return [...found].map(([name, { value }]) => ({ name, value }));
}

function nameOf(path: Path, naming: Naming): string {
  const name = naming.prefix + (naming.keys === 'as-written' ? asWritten(path) : path.map(upperCase).join(naming.separator));
  const allowed = naming.keys === 'as-written' ? /^[\w.-]+$/ : /^[A-Za-z_]\w*$/;
  if (allowed.test(name)) return name;
  const reason = /^\d/.test(name)
    ? `the name ${name} begins with a digit: try --prefix`
    : 'its name has no letters that a variable may have';
  throw new SecError({ code: 'bad-variable', file: naming.file, key: printPath(path), reason });
}

/** As Node's dotenv reads a key: it may be exported, and have space around it. */
function asWritten(path: Path): string {
  return String(path[0] ?? '')
    .replace(/^\uFEFF?\s*(?:export\s+)?/, '')
    .trimEnd();
}

function upperCase(step: string | number): string {
  return String(step)
    .replace(/[^A-Za-z0-9_]/gu, '_')
    .toUpperCase();
}

function valueOf(value: Scalar, key: string, { file }: Naming): string {
  const text = textOf(value);
  if (text === null) throw new SecError({ code: 'bad-variable', file, key, reason: 'it is not valid UTF-8' });
  if (text.includes('\0')) throw new SecError({ code: 'bad-variable', file, key, reason: 'it holds a NUL byte' });
  return text;
}

/** Numbers and times as they are written, so that `1.10` stays so. An empty value is an empty text. `null` for bytes that are no text. */
function textOf(value: Scalar): string | null {
  switch (value.type) {
    case 'int':
      return canonicalInt(value.text);
    case 'str':
    case 'float':
    case 'time':
      return value.text;
    case 'bool':
      return value.value ? 'true' : 'false';
    case 'null':
      return '';
    case 'bytes':
      return null;
  }
}
