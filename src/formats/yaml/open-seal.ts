import { canonicalInt } from '../../core/numbers.ts';
import { sameScalar } from '../../core/mac.ts';
import { SecError } from '../../core/problem.ts';
import type { Leaf, Node, Place, Scalar } from '../../core/tree.ts';
import { isYamlPlace } from './place.ts';
import type { YamlPlace } from './place.ts';
import { resolvePlain, yamlFloat } from './resolve.ts';
import { blockLines, chompingOf, doubleQuote, isSingleQuotable, printText, singleQuote } from './text.ts';
import type { TextSpot } from './text.ts';

/** What stands in the place of a value when it is sealed, and when it is opened again. `design.md` §3. */

/** @throws TypeError for a place of another format: a mistake of the caller */
export function asYaml(place: Place): YamlPlace {
  if (!isYamlPlace(place)) throw new TypeError('a place of another format');
  return place;
}

/** The sealed text keeps the style of the plain one; where that cannot hold `ENC[…]`, it is the nearest that can. */
export function sealLeaf(place: Place, enc: string): { readonly text: string; readonly place: YamlPlace } {
  const at = asYaml(place);
  if (at.style === 'single') return { text: `'${enc}'`, place: at };
  if (at.style === 'block') return { text: `${at.head}${' '.repeat(at.bodyIndent)}${enc}`, place: at };
  if (at.style === 'double' || at.flow) return { text: `"${enc}"`, place: { ...at, style: 'double' } };
  return { text: enc, place: { ...at, style: 'plain' } };
}

/** @throws SecError `cannot-write` where only the body of a block may be replaced, and cannot hold the value */
export function openLeaf(place: Place, value: Scalar): string {
  const at = asYaml(place);
  // A comment behind it would become a part of a text block.
  const spot = { ...spotOf(at), key: at.isFollowed };
  if (value.type !== 'str') return printScalar(value, spot);
  if (at.style === 'double') return doubleQuote(value.text, false);
  if (at.style === 'single' && isSingleQuotable(value.text)) return singleQuote(value.text);
  if (at.style === 'single') return doubleQuote(value.text, true);
  if (at.style === 'block' && at.block.startsWith('|') && fitsHeader(value.text, at.block)) {
    return at.head + blockLines(value.text, at.bodyIndent, at.eol);
  }
  if (at.style === 'block' && at.head === '') {
    throw new SecError({
      code: 'cannot-write',
      file: '',
      format: 'yaml',
      reason: 'a value does not fit below the comment of its text block',
    });
  }
  return printText(value.text, spot);
}

/** Whether a literal block with this header gives the text back. */
export function fitsHeader(text: string, header: string): boolean {
  const chomping = /[-+]/.exec(header)?.[0] ?? '';
  const needsDigit = /^[ \n\t]/.test(text) && !/[1-9]/.test(header);
  const isKept = chomping === '+' ? text.endsWith('\n') : chompingOf(text) === chomping;
  return text !== '' && !needsDigit && isKept && !/[^\t\n\u0020-\u007E\u00A0-\uFFFD\u{10000}-\u{10FFFF}]|\uFEFF/u.test(text);
}

export function spotOf({ flow, indent, inList, step, eol }: YamlPlace): TextSpot {
  const parent = Math.max(indent, 0);
  const blockColumn = inList ? parent + 2 : nextStop(parent, step);
  return { flow, key: false, blockColumn, blockDigit: blockColumn - parent, eol };
}

/** Columns are multiples of the indentation, as go-yaml has them (§4.5). */
export function nextStop(column: number, step: number): number {
  return column + step - (column % step);
}

/** Any scalar as go-yaml prints it; a number keeps its notation where YAML reads the same from it. */
export function printScalar(value: Scalar, spot: TextSpot): string {
  switch (value.type) {
    case 'str':
      return printText(value.text, spot);
    case 'bytes':
      return `!!binary ${Buffer.from(value.bytes).toString('base64')}`;
    case 'null':
      return 'null';
    case 'bool':
      return value.value ? 'true' : 'false';
    case 'time':
      return value.text;
    case 'int':
      return isKept(value) ? value.text : canonicalInt(value.text);
    case 'float':
      return isKept(value) ? value.text : yamlFloat(value.text);
  }
}

function isKept(value: Extract<Scalar, { text: string }>): boolean {
  const read = resolvePlain(value.text);
  return read.type === value.type && sameScalar(read, value);
}

/** A collection on one line, in brackets: the stand-in of an alias. `sealed` gives the `ENC[…]` of a leaf, `null` for one in the clear. */
export function printFlow(node: Node, sealed: (leaf: Leaf) => string | null, eol: string): string {
  const spot: TextSpot = { flow: true, key: false, blockColumn: 0, blockDigit: 0, eol };
  if (node.kind === 'leaf') {
    const enc = sealed(node);
    if (enc !== null) return `"${enc}"`;
    return node.value.type === 'str' ? doubleQuote(node.value.text, false) : printScalar(node.value, spot);
  }
  if (node.kind === 'list') {
    return `[${node.items.flatMap((item) => (item.kind === 'comment' ? [] : [printFlow(item, sealed, eol)])).join(', ')}]`;
  }
  const entries = node.items.flatMap((item) => (item.kind === 'comment' ? [] : [item]));
  return `{${entries.map(({ key, value }) => `${doubleQuote(key, false)}: ${printFlow(value, sealed, eol)}`).join(', ')}}`;
}
