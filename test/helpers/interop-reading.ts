import { canonicalFloat, canonicalInt } from '../../src/core/numbers.ts';
import { canonicalTime } from '../../src/core/time.ts';
import type { Comment, Entry, Node, Scalar, Tree } from '../../src/core/tree.ts';

/** What a file holds, as lines that can be compared: layout and places do not count. */
export interface Reading {
  /** One line a value, in document order: its path, its type, its text. */
  readonly values: readonly string[];
  /** The texts of all comments that have one, in document order. */
  readonly comments: readonly string[];
}

/** The line of a scalar, type and all. */
export type ScalarLine = (value: Scalar) => string;

export function readingOf(tree: Tree, line: ScalarLine = exactly): Reading {
  const values: string[] = [];
  const comments: string[] = [];
  const visit = (node: Node | Entry | Comment, path: string): void => {
    if (node.kind === 'comment') {
      if (node.text !== '') comments.push(node.text);
    } else if (node.kind === 'leaf') {
      values.push(`${path} ${line(node.value)}`);
    } else if (node.kind === 'entry') {
      visit(node.value, `${path}[${JSON.stringify(node.key)}]`);
    } else {
      const marks = node.kind === 'map' ? '{}' : '[]';
      if (node.items.every(({ kind }) => kind === 'comment')) values.push(`${path} ${marks}`);
      let position = 0;
      for (const item of node.items) visit(item, node.kind === 'map' || item.kind === 'comment' ? path : `${path}[${position++}]`);
    }
  };
  tree.documents.forEach((document, index) => visit(document, `${index}:`));
  return { values, comments };
}

/** The value as it is in the tree. */
export function exactly(value: Scalar): string {
  return `${value.type} ${textOf(value)}`;
}

/** The value as it is once it was printed and read again: `1.0` is printed as `1`, and there is one zero. */
export function printed(value: Scalar): string {
  if (value.type !== 'int' && value.type !== 'float') return exactly(value);
  const text = textOf(value);
  return `number ${text === '-0' ? '0' : text}`;
}

/** The value of a reader to which every number is a float. */
export function inFloats(value: Scalar): Scalar {
  return value.type === 'int' ? { type: 'float', text: canonicalFloat(value.text) } : value;
}

/** The text that counts for the MAC, or one as telling. */
export function textOf(value: Scalar): string {
  switch (value.type) {
    case 'str':
      return JSON.stringify(value.text);
    case 'bytes':
      return Buffer.from(value.bytes).toString('hex');
    case 'int':
      return canonicalInt(value.text);
    case 'float':
      return canonicalFloat(value.text);
    case 'bool':
      return String(value.value);
    case 'time':
      return canonicalTime(value.text);
    case 'null':
      return '';
  }
}

/** What is in the first list more often than in the second. */
export function missing(all: readonly string[], found: readonly string[]): readonly string[] {
  const left = [...found];
  return all.filter((one) => {
    const at = left.indexOf(one);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
