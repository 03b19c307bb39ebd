import { canonicalFloat, canonicalInt, isInt64, parseFloat64 } from '../core/numbers.ts';
import type { Entry, Node, Scalar } from '../core/tree.ts';

/** JSON text for values. `sops-format.md` §5.2. */

/** How a piece of JSON is laid out. */
export interface Layout {
  /** The line end, or `null` for everything on one line. */
  readonly eol: string | null;
  /** The indentation of the line on which the piece starts. */
  readonly indent: string;
  /** What one level adds to it. */
  readonly unit: string;
  /** What stands between a key and its value. */
  readonly colon: string;
  /** What stands between two items on one line. */
  readonly comma: string;
}

/** Why a value has no JSON text, and the keys that lead to it. */
export class NoJsonText extends Error {
  readonly keys: readonly string[];

  constructor(reason: string, keys: readonly string[] = []) {
    super(reason);
    this.name = 'NoJsonText';
    this.keys = keys;
  }
}

const jsonNumber = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;
const special = /["\\<>&\u0000-\u001f\u2028\u2029]/g;
const shortEscapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/** The layout that sops gives a text: a tab a level, or that many spaces. */
export function defaultLayout(indent: number | null): Layout {
  const unit = indent === null || indent < 0 ? '\t' : ' '.repeat(indent);
  return { eol: '\n', indent: '', unit, colon: ': ', comma: ', ' };
}

/** A string with the escapes of sops: what HTML and JavaScript would trip over is escaped too. */
export function quote(text: string): string {
  const escaped = text.replace(special, (char) => shortEscapes[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `"${escaped}"`;
}

/** A value that keeps its notation where that is JSON. @throws NoJsonText */
export function keptText(value: Scalar): string {
  if (value.type === 'int') return jsonNumber.test(value.text) ? value.text : canonicalInt(value.text);
  // Canonical digits tell nothing of the notation: sops wrote them, or we did for a text that a hint brings back.
  if (value.type === 'float' && jsonNumber.test(value.text) && value.text !== canonicalFloat(value.text)) return value.text;
  if (value.type === 'bytes') throw new NoJsonText('bytes that are no text');
  // Without a point it would be an int, which has one zero.
  return value.type === 'float' && value.text === '-0' ? '-0.0' : scalarJson(value);
}

/** A value so that it is read again with its type: a float of whole digits needs its point. @throws NoJsonText */
export function typedText(value: Scalar): string {
  const text = keptText(value);
  return value.type === 'float' && isInt64(text) ? `${text}.0` : text;
}

/** A value as sops prints it. @throws NoJsonText */
function scalarJson(value: Scalar): string {
  switch (value.type) {
    case 'str':
    case 'time':
      return quote(value.text);
    case 'bytes':
      return lossyQuote(value.bytes);
    case 'int':
      return canonicalInt(value.text);
    case 'float':
      return floatJson(value.text);
    case 'bool':
      return String(value.value);
    case 'null':
      return 'null';
  }
}

/** What is not UTF-8 becomes U+FFFD, written as an escape. */
function lossyQuote(bytes: Uint8Array): string {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  return quote(text).replaceAll('\uFFFD', '\\ufffd');
}

/** As ECMAScript prints it, but for the minus of zero. */
function floatJson(text: string): string {
  const value = parseFloat64(text);
  if (value === null || !Number.isFinite(value)) throw new NoJsonText('a number that is not finite');
  return Object.is(value, -0) ? '-0' : String(value);
}

/** The text of one leaf. @throws NoJsonText */
export type PrintScalar = (value: Scalar) => string;

/** A value with all below it. @throws NoJsonText */
export function printNode(node: Node, layout: Layout, scalar: PrintScalar = scalarJson): string {
  if (node.kind === 'leaf') return scalar(node.value);
  const below = { ...layout, indent: layout.indent + layout.unit };
  const items = node.items.flatMap((item) => {
    if (item.kind === 'comment') return [];
    return [item.kind === 'entry' ? printMember(item, below, scalar) : printNode(item, below, scalar)];
  });
  const [open, close] = node.kind === 'map' ? ['{', '}'] : ['[', ']'];
  if (items.length === 0) return open + close;
  if (layout.eol === null) return open + items.join(layout.comma) + close;
  const start = layout.eol + below.indent;
  return open + start + items.join(`,${start}`) + layout.eol + layout.indent + close;
}

/** A key with its value. @throws NoJsonText */
export function printMember(entry: Entry, layout: Layout, scalar: PrintScalar = scalarJson): string {
  try {
    return quote(entry.key) + layout.colon + printNode(entry.value, layout, scalar);
  } catch (error) {
    if (error instanceof NoJsonText) throw new NoJsonText(error.message, [entry.key, ...error.keys]);
    throw error;
  }
}
