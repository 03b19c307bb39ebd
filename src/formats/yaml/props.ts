import type { CST } from 'yaml';

/** Anchor and tag before a node. */
export interface Props {
  readonly anchor: string | null;
  readonly tag: string | null;
  /** Offset of the first of them. */
  readonly start: number | null;
  /** Where the last of them ends. */
  readonly end: number | null;
}

export const noProps: Props = { anchor: null, tag: null, start: null, end: null };

export function readProps(tokens: readonly CST.SourceToken[] | undefined): Props {
  let props = noProps;
  if (tokens === undefined || !tokens.some(isProp)) return props;
  for (const { type, source, offset } of tokens) {
    if (type !== 'anchor' && type !== 'tag') continue;
    const span = { start: props.start ?? offset, end: offset + source.length };
    props = type === 'anchor' ? { ...props, ...span, anchor: source.slice(1) } : { ...props, ...span, tag: source };
  }
  return props;
}

function isProp({ type }: CST.SourceToken): boolean {
  return type === 'anchor' || type === 'tag';
}

/** Offset of a token of this type among those around a node. */
export function offsetOf(tokens: readonly CST.SourceToken[] | undefined, type: CST.SourceToken['type']): number | null {
  // Mostly there is one, or none.
  const first = tokens?.[0];
  if (first === undefined || first.type === type) return first?.offset ?? null;
  return tokens?.find((token) => token.type === type)?.offset ?? null;
}
