import type { CST } from 'yaml';

import { placeIn } from './place.ts';
import type { Surroundings, YamlPlace } from './place.ts';
import type { Props } from './props.ts';
import { styleOf, tagKind } from './scalar.ts';
import type { ScalarToken } from './scalar.ts';

/** Line breaks to go-yaml, ordinary characters to YAML 1.2. */
const foreignBreak = /[\u0085\u2028\u2029]/;
const foreignBreakRisk = 'it holds a U+0085, U+2028 or U+2029, which sops reads as a line break';
const openEndRisk = 'its text block ends the file without a line break';

/** Where a scalar stands. */
export function scalarPlace(text: string, token: ScalarToken, props: Props, around: Surroundings): YamlPlace {
  const place = token.type === 'block-scalar' ? blockPlace(text, token, around) : flowPlace(token, around);
  const risky = foreignBreak.test(token.source) ? { ...place, clearRisk: foreignBreakRisk } : place;
  if (props.start === null) return risky;
  const kind = tagKind(props.tag);
  if (kind === 'none' || kind === 'str') return risky;
  // A sealed value is a string, which these tags would refuse: they go with the value and come back with the hint.
  return { ...risky, style: 'tagged', start: props.start };
}

function flowPlace(token: CST.FlowScalar, around: Surroundings): YamlPlace {
  const place = placeIn(around, { start: token.offset, end: token.offset + token.source.length }, styleOf(token));
  const isFollowed = token.end?.some(({ type }) => type === 'comment') ?? false;
  return isFollowed ? { ...place, isFollowed } : place;
}

function blockPlace(text: string, token: CST.BlockScalar, around: Surroundings): YamlPlace {
  const header = token.props.find((prop) => prop.type === 'block-scalar-header');
  const hasComment = token.props.some((prop) => prop.type === 'comment');
  const headStart = header?.offset ?? token.offset;
  const bodyStart = token.props.reduce((end, prop) => Math.max(end, prop.offset + sourceLength(prop)), headStart);
  const body = token.source;
  const block = header !== undefined && 'source' in header ? header.source : '|';
  const indent = bodyIndent(body, block, around.indent);
  const place: YamlPlace = {
    ...placeIn(around, { start: hasComment ? bodyStart : headStart, end: bodyStart + contentLength(body, indent) }, 'block'),
    head: hasComment ? '' : text.slice(headStart, bodyStart),
    block,
    bodyIndent: indent,
  };
  const isOpen = bodyStart + body.length === text.length && !body.endsWith('\n');
  return isOpen ? { ...place, clearRisk: openEndRisk } : place;
}

function sourceLength(token: CST.Token): number {
  return 'source' in token ? token.source.length : 0;
}

/** Up to the end of the last line that has content; a body without any keeps all but its last break. */
function contentLength(body: string, indent: number): number {
  let end = -1;
  for (let start = 0; start < body.length;) {
    const feed = body.indexOf('\n', start);
    const stop = feed < 0 ? body.length : feed;
    const lineEnd = body[stop - 1] === '\r' ? stop - 1 : stop;
    // A line of white space is content where it goes beyond the indentation.
    if (lineEnd - start > indent || body.slice(start, lineEnd).trim() !== '') end = lineEnd;
    start = stop + 1;
  }
  return end < 0 ? body.replace(/\r?\n$/, '').length : end;
}

function bodyIndent(body: string, block: string, parent: number): number {
  const digit = /[1-9]/.exec(block)?.[0];
  if (digit !== undefined) return Math.max(parent, 0) + Number(digit);
  const first = /^( *)[^ \r\n]/m.exec(body);
  return first?.[1]?.length ?? Math.max(parent, 0) + 2;
}
