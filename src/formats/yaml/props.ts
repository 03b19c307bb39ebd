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
  for (const { type, source, offset } of tokens ?? []) {
    if (type !== 'anchor' && type !== 'tag') continue;
    const span = { start: props.start ?? offset, end: offset + source.length };
    props = type === 'anchor' ? { ...props, ...span, anchor: source.slice(1) } : { ...props, ...span, tag: source };
  }
  return props;
}

/** Offset of a token of this type among those around a node. */
export function offsetOf(tokens: readonly CST.SourceToken[] | undefined, type: CST.SourceToken['type']): number | null {
  return tokens?.find((token) => token.type === type)?.offset ?? null;
}
