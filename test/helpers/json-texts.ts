import fc from 'fast-check';

/** JSON texts in every layout that the grammar allows, for properties. */

const space = fc.stringMatching(/^[ \t\r\n]{0,3}$/);
const number = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? '-0.0' : String(value))),
  fc.constantFrom('-0', '1.10', '1e3', '1E+2', '0.0', '12345678901234567890123', '1e-400', '100000000000000000000000'),
);
const string = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }).map((text) => JSON.stringify(text)),
  fc.constantFrom('"<&>"', String.raw`"\u003c\/\u00e9"`, '"\u2028"', '""', '"sops"'),
);
const literal = fc.constantFrom('true', 'false', 'null');
const key = fc.oneof(fc.constantFrom('"a"', '"b"', '"x_unencrypted"', String.raw`"\u0061"`), string);

/** Text between items: the same everywhere, as people and printers write it, or any space anywhere. */
type Gaps = (depth: number) => { readonly open: string; readonly comma: string; readonly colon: string; readonly close: string };

const regular: fc.Arbitrary<Gaps> = fc
  .tuple(fc.constantFrom('\n', '\r\n'), fc.constantFrom('\t', '', '  ', '    '), fc.constantFrom(':', ': ', ' : '))
  .map(([eol, unit, colon]) => (depth) => {
    const start = eol + unit.repeat(depth + 1);
    return { open: start, comma: `,${start}`, colon, close: eol + unit.repeat(depth) };
  });
const oneLine: fc.Arbitrary<Gaps> = fc
  .tuple(fc.constantFrom('', ' '), fc.constantFrom(',', ', '), fc.constantFrom(':', ': '))
  .map(([edge, comma, colon]) => () => ({ open: edge, comma, colon, close: edge }));
const wild: fc.Arbitrary<Gaps> = fc.array(space, { minLength: 7, maxLength: 7 }).map((spaces) => () => {
  const [a = '', b = '', c = '', d = '', e = '', f = ''] = spaces;
  return { open: a, comma: `${b},${c}`, colon: `${d}:${e}`, close: f };
});

interface Piece {
  readonly print: (gaps: Gaps, depth: number) => string;
}

const { value, object } = fc.letrec<{ value: Piece; list: Piece; object: Piece }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.oneof(number, string, literal).map((text) => ({ print: () => text })),
    tie('list'),
    tie('object'),
  ),
  list: fc.array(tie('value'), { maxLength: 4 }).map((items) => ({
    print: (gaps, depth) =>
      enclosed(
        ['[', ']'],
        items.map((item) => item.print(gaps, depth + 1)),
        gaps(depth),
      ),
  })),
  object: fc.array(fc.tuple(key, tie('value')), { maxLength: 4 }).map((members) => ({
    print: (gaps, depth) => {
      const gap = gaps(depth);
      const items = members.map(([name, item]) => name + gap.colon + item.print(gaps, depth + 1));
      return enclosed(['{', '}'], items, gap);
    },
  })),
}));

function enclosed([open, close]: readonly [string, string], items: readonly string[], gap: ReturnType<Gaps>): string {
  if (items.length === 0) return open + (gap.open.length % 2 === 0 ? '' : gap.open) + close;
  return open + gap.open + items.join(gap.comma) + gap.close + close;
}

/** A whole text: an object, with any space around it. No member of the top is named `sops`. */
export const jsonText: fc.Arbitrary<string> = fc
  .tuple(object, fc.oneof(regular, oneLine, wild), space, fc.oneof(fc.constantFrom('\n', ''), space))
  .map(([top, gaps, before, after]) => before + top.print(gaps, 0) + after)
  .filter((text) => !('sops' in (JSON.parse(text) as object)));

/** A value that is not the top of a text. */
export const jsonValueText: fc.Arbitrary<string> = value.map((piece) =>
  piece.print(() => ({ open: '', comma: ',', colon: ':', close: '' }), 0),
);
