import fc from 'fast-check';

import { printStream } from './yaml-layout.ts';
import type { Gap, Item, Stream, Value } from './yaml-layout.ts';

/** YAML texts as people write them, for properties: every style, comments everywhere, anchors, several documents. */

const remarks = ['', ' n', 'n', '  two', ' x: y', ' _x', ' _y b', '"q', ' - l', '#double', ' é 😀', ' ENC[', ' end '];
const comment = fc.constantFrom(...remarks);
const tail = rarely(comment, null, 3);

/** In quotes or not, no two of them are the same key. */
const keys = [
  'a',
  'b',
  'c',
  'k',
  'a_x',
  '_y_',
  'x_unencrypted',
  '"q k"',
  "'s'",
  'a.b',
  'é',
  '"1"',
  '"y"',
  'two words',
  '"a: b"',
  '-x',
  '""',
];
const key = fc.constantFrom(...keys);

const plains = [
  'x',
  '1',
  'two words',
  'yes',
  'a:b',
  'a#b',
  '-x',
  'ENC',
  'ENC[x]',
  'é',
  '😀',
  '1:30',
  'x_unencrypted',
  'plain\n  over lines',
];
const wholes = ['0', '-5', '+7', '0x1F', '0o17', '017', '08', '0b11', '1_000'];
const large = ['9007199254740993', '-9223372036854775808', '9223372036854775807', '12345678901234567890123'];
const floats = ['1.0', '1.10', '1e3', '.5', '-0.0', '1E5', '12345678.9', '.inf', '-.inf', '.nan', '1e-7'];
const words = ['true', 'False', '~', 'null', ''];
const days = ['2024-01-01', '2006-01-02T15:04:05+07:06', '2001-12-14 21:59:43.10', '2024-13-01', '2001-12-14t21:59:43.123456789Z'];
const singles = ["''", "'it''s'", "'# no'", "'over\n  lines'"];
const doubles = ['""', '"a b"', '"a\\tb"', '"\\u00e9\\n"', '"😀"', '"# no"', '"x \\n y\\n"', '" lead"', '"a\\r\\nb"'];
const overLines = ['"multi \\\n  LINE"', '"over\n\n  lines"'];
const empties = ['[]', '{}', '[ ]'];
const tagged = ['!!str 5', '!!float 1', '!!int "3"', '!foo z', '!!binary /w==', '!!str'];
const oneLine = [plains, wholes, large, floats, words, days, singles, doubles, overLines, empties, tagged].flat();
const quoted = fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => JSON.stringify(text));
const scalar = fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...oneLine) }, { weight: 1, arbitrary: quoted });

const flowScalar = fc.constantFrom('x', '1', '"a b"', "'w'", 'true', 'null', '1.5', '0x1F', '""', 'two words');
const { flow } = fc.letrec<{ flow: string }>((tie) => ({
  flow: fc.oneof(
    { maxDepth: 2, depthSize: 'small' },
    flowScalar,
    fc.array(tie('flow'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
    fc
      .uniqueArray(fc.tuple(key, tie('flow')), { maxLength: 3, selector: ([name]) => name })
      .map((items) => `{${items.map(([name, item]) => `${name}: ${item}`).join(', ')}}`),
  ),
}));
const longFlow = fc.array(fc.tuple(flowScalar, tail), { minLength: 1, maxLength: 3 });

const blockLine = fc.constantFrom('line', 'x: y', '  more', '', '# no comment', 'a\ttab', 'end ', '"');
const block: fc.Arbitrary<Value> = fc.record({
  kind: fc.constant('block'),
  header: fc.constantFrom('|', '|-', '|+', '>', '>-', '>+'),
  lines: fc.array(blockLine, { maxLength: 3 }).map((lines) => ['first', ...lines]),
});

const leaf: fc.Arbitrary<Value> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('text' as const), text: scalar }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('text' as const), text: flow }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('flow' as const), items: longFlow }) },
  { weight: 2, arbitrary: block },
  { weight: 1, arbitrary: fc.constant({ kind: 'alias' as const }) },
);

/** What a generator of texts puts where. */
interface Habits {
  /** Where comments stand; `null`: in the column of what is around them. */
  readonly column: fc.Arbitrary<number | null>;
  readonly comment: fc.Arbitrary<string>;
  readonly leaf: fc.Arbitrary<Value>;
  /** Where comments stand: anywhere, above and behind what they are about, or of that only where sops finds them again for a selector. */
  readonly places: 'any' | 'tidy' | 'told';
}

function streamsOf({ column, comment, leaf, places }: Habits): fc.Arbitrary<Stream> {
  const tail = rarely(comment, null, 3);
  const blank = fc.constant<Gap>({ text: null, column: null });
  const note: fc.Arbitrary<Gap> = fc.record({ text: comment, column });
  const gap = fc.oneof({ weight: 3, arbitrary: note }, { weight: 1, arbitrary: blank });
  const tidyGaps = fc
    .tuple(fc.array(blank, { maxLength: 1 }), fc.array(note, { maxLength: 2 }))
    .map(([blanks, notes]): readonly Gap[] => [...blanks, ...notes]);
  const gaps = rarely(places !== 'any' ? tidyGaps : fc.array(gap, { minLength: 1, maxLength: 3 }), [], 2);
  const listTail = places === 'told' ? fc.constant(null) : tail;
  const listGaps = places === 'told' ? fc.constant([]) : gaps;
  const tidied = (one: fc.Arbitrary<Item>): fc.Arbitrary<Item> =>
    places === 'any' ? one : one.map((loose) => withoutLoose(loose, places === 'told'));
  const after = places === 'any' ? gaps : fc.constant([]);
  const { map } = fc.letrec<{ value: Value; map: Value; list: Value }>((tie) => ({
    value: fc.oneof({ maxDepth: 3, depthSize: 'small', withCrossShrink: true }, leaf, tie('map'), tie('list')),
    map: fc.record({
      kind: fc.constant('map'),
      items: fc.uniqueArray(tidied(item(tie('value'), gaps, tail)), { minLength: 1, maxLength: 4, selector: (one) => one.key }),
      isMerging: fc.integer({ min: 0, max: 7 }).map((n) => n === 7),
      after,
    }),
    list: fc.record({
      kind: fc.constant('list'),
      items: fc.array(tidied(item(tie('value'), listGaps, listTail)), { minLength: 1, maxLength: 4 }),
      isIndented: fc.boolean(),
      after,
    }),
  }));
  return fc.record({
    start: fc.oneof({ weight: 3, arbitrary: fc.constant('') }, start, fc.constantFrom('# head\n---\n', '%YAML 1.1\n---\n', '\n')),
    documents: fc.array(map, { minLength: 1, maxLength: 3, size: 'xsmall' }),
    between: fc.oneof(start, fc.constant('...\n---\n')),
    step: fc.constantFrom(2, 4),
    eol: rarely(fc.constant('\r\n'), '\n', 8),
    hasMark: fc.integer({ min: 0, max: 15 }).map((n) => n === 15),
    isOpen: fc.integer({ min: 0, max: 7 }).map((n) => n === 7),
  });
}

const start = fc.constantFrom('---\n', '--- # c\n', '---\n\n', '---\n# head\n');

function item(value: fc.Arbitrary<Value>, gaps: fc.Arbitrary<readonly Gap[]>, tail: fc.Arbitrary<string | null>): fc.Arbitrary<Item> {
  return fc.record({
    before: gaps,
    key,
    value,
    tail,
    isAnchored: fc.integer({ min: 0, max: 7 }).map((n) => n === 7),
    isCompact: fc.boolean(),
  });
}

/** sops moves a comment that stands behind brackets in a list, and counts it among the items. */
function withoutLoose(one: Item, isTold: boolean): Item {
  const isBehindValue = one.value.kind === 'text' && one.value.text !== '' && !/^[[{]/.test(one.value.text);
  const isBelow = one.value.kind === 'map' || one.value.kind === 'list';
  const tidy = isBehindValue || (!isTold && isBelow) ? one : { ...one, tail: null };
  // sops repeats the comments of an empty list where an alias stands for it, and a list of nothing but comments has no brackets.
  const isEmptyList = one.value.kind === 'text' && /^\[ ?\]$/.test(one.value.text);
  const kept = { ...tidy, isAnchored: tidy.isAnchored && !isEmptyList };
  return isTold ? { ...kept, isAnchored: kept.isAnchored && !isBelow } : kept;
}

const anyColumn = fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.nat({ max: 9 }) });

/** A whole text: maps only at the top, none with a key `sops`. */
export const yamlText: fc.Arbitrary<string> = streamsOf({ column: anyColumn, comment, leaf, places: 'any' }).map(printStream);

/**
 * The same as people write it, without what the real sops makes something else of (`docs/sops.md`): comments that are empty, that stand
 * in a column of their own, below a block or within brackets, and the float minus zero.
 */
export const tidyYamlText: fc.Arbitrary<string> = tidyTexts('tidy');

/**
 * The same without comments that sops finds elsewhere once it has written them: what they select would be something else. That is so for
 * all of several in a row that end with CRLF.
 */
export const toldYamlText: fc.Arbitrary<string> = tidyTexts('told');

function isKept(value: Value): boolean {
  if (value.kind === 'text') return value.text !== '-0.0' && value.text !== '!!float 1';
  return value.kind !== 'flow' && !(value.kind === 'block' && value.header.endsWith('+'));
}

function tidyTexts(places: 'tidy' | 'told'): fc.Arbitrary<string> {
  return streamsOf({
    column: fc.constant(null),
    comment: fc.constantFrom(...remarks.filter((remark) => remark !== '')),
    places,
    leaf: leaf.filter(isKept),
  }).map((stream) => printStream({ ...stream, isOpen: false, ...(places === 'told' ? { eol: '\n' } : {}) }));
}

/** Shrinks to the fallback. */
function rarely<T, F>(arbitrary: fc.Arbitrary<T>, fallback: F, weight: number): fc.Arbitrary<T | F> {
  return fc.oneof({ weight, arbitrary: fc.constant(fallback) }, { weight: 1, arbitrary });
}
