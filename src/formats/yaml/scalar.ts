import type { CST } from 'yaml';

import { textOrBytes } from '../../core/cipher.ts';
import { canonicalFloat } from '../../core/numbers.ts';
import type { Scalar } from '../../core/tree.ts';
import { badQuotes, unquoteDouble } from './double-quotes.ts';
import type { YamlStyle } from './place.ts';
import { resolvePlain } from './resolve.ts';
import type { Unsigned } from './resolve.ts';
import { simpleBlock, simpleText } from './simple-scalar.ts';
import { fullYaml } from './syntax.ts';

/** What one scalar token means. `sops-format.md` §4.2. */

export type ScalarToken = CST.FlowScalar | CST.BlockScalar;

/** A tag as it acts on a scalar: none, one that makes it a string, or one of the core types. */
export type TagKind = 'none' | 'str' | 'int' | 'float' | 'bool' | 'null' | 'timestamp' | 'binary';

const coreTags: Readonly<Record<string, TagKind>> = {
  '!!int': 'int',
  '!!float': 'float',
  '!!bool': 'bool',
  '!!null': 'null',
  '!!timestamp': 'timestamp',
  '!!binary': 'binary',
};
const corePrefix = '!<tag:yaml.org,2002:';

/** The kind of a tag. Local tags make a string of any scalar, as `!!str` does. */
export function tagKind(source: string | null): TagKind {
  if (source === null) return 'none';
  const short = source.startsWith(corePrefix) ? `!!${source.slice(corePrefix.length, -1)}` : source;
  return coreTags[short] ?? 'str';
}

export function styleOf(token: ScalarToken): YamlStyle {
  switch (token.type) {
    case 'single-quoted-scalar':
      return 'single';
    case 'double-quoted-scalar':
      return 'double';
    case 'block-scalar':
      return 'block';
    default:
      return 'plain';
  }
}

/** The text of a scalar token, folded and unescaped. */
export function textOf(token: ScalarToken): string {
  return textOrNull(token) ?? token.source;
}

/** `null` for double quotes that never end or hold an escape that is none. */
function textOrNull(token: ScalarToken): string | null {
  if (token.type === 'block-scalar') return blockText(token);
  if (token.type !== 'double-quoted-scalar') return simpleText(token) ?? fullYaml().textOf(token);
  const read = unquoteDouble(token.source);
  return 'text' in read ? read.text : null;
}

/** Why a token has no value: it is no YAML, or it is a value that sops cannot hold. */
export interface Refusal {
  readonly refused: string;
  readonly isYaml: boolean;
}

/** Where a text ends within the last line of a block, go-yaml adds no line break that is not there. */
function blockText(token: CST.BlockScalar): string {
  const simple = simpleBlock(token);
  if (simple !== null) return simple;
  const value = fullYaml().textOf(token);
  return /[^\n\r \t][^\n\r]*$/.test(token.source) && value.endsWith('\n') ? value.slice(0, -1) : value;
}

/** The value of a token, or the reason why there is none. */
export function readScalar(token: ScalarToken, tag: TagKind): Scalar | Refusal {
  const text = textOrNull(token);
  if (text === null) return unclosed;
  const resolved = tag === 'none' && token.type !== 'scalar' ? ({ type: 'str', text } as const) : resolvePlain(text);
  switch (tag) {
    case 'none':
      return resolved.type === 'unsigned' ? unsigned : resolved;
    case 'str':
      return { type: 'str', text };
    case 'binary':
      return readBinary(text);
    case 'float':
      return toFloat(resolved);
    case 'timestamp':
      return resolved.type === 'time' ? resolved : misfit;
    default:
      return resolved.type === tag ? resolved : misfit;
  }
}

const unsigned: Refusal = {
  refused: 'it is a whole number beyond 64 bits signed, which sops cannot hold: quote it to keep it as text',
  isYaml: true,
};
const unclosed: Refusal = { refused: badQuotes, isYaml: false };
const misfit: Refusal = { refused: 'its tag does not fit its value', isYaml: false };

function toFloat(value: Scalar | Unsigned): Scalar | Refusal {
  if (value.type === 'unsigned') return unsigned;
  if (value.type === 'float') return value;
  return value.type === 'int' ? { type: 'float', text: canonicalFloat(value.text) } : misfit;
}

function readBinary(text: string): Scalar | Refusal {
  const packed = text.replace(/\s/g, '');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(packed) || packed.length % 4 !== 0)
    return { refused: 'its binary value is not base64', isYaml: false };
  return textOrBytes(Buffer.from(packed, 'base64'));
}
