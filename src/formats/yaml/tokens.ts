import type { CST } from 'yaml';

/** Where the text of a token ends, white space and comments behind it left out. */
export function endOf(token: CST.Token): number {
  switch (token.type) {
    case 'block-map':
    case 'block-seq': {
      const last = token.items.findLast(hasContent);
      return last === undefined ? token.offset : endOfItem(last, token.offset);
    }
    case 'flow-collection': {
      const bracket = token.end.find(({ type }) => type === 'flow-map-end' || type === 'flow-seq-end');
      return bracket === undefined ? token.offset : bracket.offset + 1;
    }
    case 'block-scalar':
      return token.props.reduce((end, prop) => Math.max(end, endOf(prop)), token.offset) + token.source.trimEnd().length;
    default:
      return 'source' in token ? token.offset + token.source.length : token.offset;
  }
}

/** The same for an entry of a map or an item of a list. */
export function endOfItem(item: CST.CollectionItem, fallback: number): number {
  if (item.value !== undefined) return endOf(item.value);
  const last = [...(item.sep ?? []), ...(item.sep === undefined || item.sep.length === 0 ? item.start : [])].findLast(isVisible);
  const key = item.key ? endOf(item.key) : fallback;
  return Math.max(key, last === undefined ? fallback : last.offset + last.source.length);
}

/** The last item may be nothing but comments. */
function hasContent({ start, key, sep, value }: CST.CollectionItem): boolean {
  return (key ?? value) !== undefined || [...start, ...(sep ?? [])].some(isVisible);
}

function isVisible({ type }: CST.SourceToken): boolean {
  return type !== 'space' && type !== 'newline' && type !== 'comment';
}

/** What a document indents by: the first nested block tells, and sops's four where there is none. */
export function detectStep(text: string): number {
  const nested = firstNested(text);
  const step = (nested?.[2]?.length ?? 0) - (nested?.[1]?.length ?? 0);
  return step >= 1 && step <= 9 ? step : 4;
}

const lineEnd = /:\r?\n/g;
const nestedBlock = /( *)(?:- )?[^\s#][^\n]*:\r?\n(?:[ ]*(?:#[^\n]*)?\r?\n)*( +)[^\s#]/y;

/** Looks only at lines that end with a colon: a flat file has none, and may be long. */
function firstNested(text: string): RegExpExecArray | null {
  lineEnd.lastIndex = 0;
  for (let colon = lineEnd.exec(text); colon !== null; colon = lineEnd.exec(text)) {
    nestedBlock.lastIndex = text.lastIndexOf('\n', colon.index) + 1;
    const nested = nestedBlock.exec(text);
    if (nested !== null) return nested;
  }
  return null;
}
