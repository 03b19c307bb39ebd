import type { Place, Span } from '../../core/tree.ts';

/**
 * Where a YAML node stands. `start` and `end` cover what is replaced: a flow scalar with its quotes, a block scalar from its header
 * to its last line (or only the body, where a comment follows the header), an alias, a scalar with a tag that a sealed value cannot
 * carry, or a whole collection.
 */
export interface YamlPlace extends Place {
  readonly style: YamlStyle;
  /** Whether it stands in `{…}` or `[…]`, where a plain scalar is read by other rules. */
  readonly flow: boolean;
  /** Column of the parent's keys or dashes: text on lines below must be indented by more. */
  readonly indent: number;
  /** Whether the parent is a list. */
  readonly inList: boolean;
  /** What this document indents by. */
  readonly step: number;
  readonly eol: string;
  /** Block scalars: the header with its line break. Empty where a comment stands behind it, since then only the body is replaced. */
  readonly head: string;
  /** Block scalars: the columns before each line of the body. */
  readonly bodyIndent: number;
  /** Block scalars: `|` or `>` with its chomping, whatever is in `head`. */
  readonly block: string;
  /** Whether a comment stands behind it on its line: then no text block can begin there. */
  readonly isFollowed: boolean;
  /** Right behind the colon, the dash or the comma before it. From there to `start` stand its anchor, its tag and the header of a block. */
  readonly slot: number;
  /** Collections in block style: the column of their keys or dashes. */
  readonly column: number;
  /** Aliases: where what they stand for is written, with its anchor. */
  readonly target: Span | null;
}

export type YamlStyle =
  | 'plain'
  | 'single'
  | 'double'
  | 'block'
  | 'empty'
  | 'alias'
  | 'tagged'
  | 'map'
  | 'list'
  | 'comment'
  | 'item'
  | 'lone item';

/** What a place has from where it stands, whatever stands in it. */
export type Surroundings = Pick<YamlPlace, 'flow' | 'indent' | 'inList' | 'step' | 'eol' | 'slot'>;

const nowhere: Surroundings = { flow: false, indent: 0, inList: false, step: 0, eol: '\n', slot: 0 };

/** The place of anything but a block scalar or an alias. All fields are written out: to spread them costs more than all else that reads a value. */
export function placeIn({ flow, indent, inList, step, eol, slot }: Surroundings, { start, end }: Span, style: YamlStyle): YamlPlace {
  const context = flow ? 'flow' : String(indent);
  return {
    start,
    end,
    style,
    context,
    flow,
    indent,
    inList,
    step,
    eol,
    head: '',
    bodyIndent: 0,
    block: '',
    isFollowed: false,
    slot,
    column: 0,
    target: null,
  };
}

/** The place of a comment. */
export function commentPlace(span: Span, style: YamlStyle, context: string): YamlPlace {
  return { ...placeIn(nowhere, span, style), context };
}

export function isYamlPlace(place: Place): place is YamlPlace {
  return 'bodyIndent' in place;
}
