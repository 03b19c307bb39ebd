import fc from 'fast-check';

/** INI texts that can be read, one character a byte, with all that may stand in one. Keys are all different. */

const word = fc.constantFrom(
  'a',
  'b c',
  'é',
  'x=y',
  '%(k)s',
  '$HOME',
  'ENC[',
  '\\y',
  "'",
  '"',
  '-',
  ':',
  '[',
  ']',
  '\u00e9',
  '\u00a0',
  '\t',
  '\r',
);
const text = fc.array(word, { maxLength: 4 }).map((words) => Buffer.from(words.join('')).toString('latin1'));
const marker = fc.constantFrom(';', '#', '; ', '# ', ';;', '# # ');
const space = fc.constantFrom('', ' ', '  ', '\t');
const delimiter = fc.constantFrom('=', ' = ', ':', ' : ', '= ', '\t=\t');
const lineEnd = fc.constantFrom('\n', '\n', '\n', '\r\n');

/** A comment behind something on its line. */
const behind = fc.oneof(
  { weight: 2, arbitrary: fc.constant('') },
  fc.tuple(space, marker, text).map((parts) => parts.join('')),
);

const bytes = fc.constantFrom('', '\u00e9', '\u00ff');
const value = fc.oneof(
  fc.tuple(text, bytes).map(([words, more]) => plain(words + more)),
  text.map((words) => `"${plain(words).replaceAll('"', '')}"`),
  text.map((words) => `'${plain(words).replaceAll("'", '')}'`),
  fc.tuple(text, fc.constantFrom('', ';', '#', '"""', '\n', '\n; x\n')).map(([words, more]) => `\`${words}${more}${words}\``),
  fc.tuple(text, fc.constantFrom('', ';', '#', '`', '\n', '\n# x\n')).map(([words, more]) => `"""${words.replaceAll('"', '')}${more}"""`),
);

/** What can stand without quotes. */
function plain(words: string): string {
  return words.replaceAll(/[#;`]/g, '').replace(/^\s+/, '').replaceAll('"""', '');
}

type Line = (index: number) => string;
const comment = fc.tuple(space, marker, text).map(
  ([indent, mark, words]): Line =>
    () =>
      indent + mark + words,
);
const blank = space.map(
  (indent): Line =>
    () =>
      indent,
);
const header = fc.tuple(fc.constantFrom('s', 't', 'DEFAULT', 'a.b', 'é', 's]'), behind).map(
  ([name, more]): Line =>
    () =>
      `[${Buffer.from(name).toString('latin1')}]${more.replaceAll(']', '')}`,
);
const quote = fc.constantFrom('', '', '', '"', '`', '"""');
const entry = fc.tuple(space, quote, delimiter, value, behind).map(
  ([indent, around, equals, words, more]): Line =>
    (index) =>
      `${indent}${around}k${index}${around}${equals}${words}${tail(words, more)}`,
);
/** The last line of several that backslashes join is followed by a blank one. */
const joined = fc.tuple(delimiter, text, text).map(
  ([equals, one, other]): Line =>
    (index) =>
      `k${index}${equals}${plain(one)}\\\n  ${plain(other)}\\\n`,
);

/** A backtick in a comment would be the closing one. */
function tail(words: string, more: string): string {
  return words.startsWith('`') || words.startsWith('"""') ? more.replaceAll(/[`"]/g, '') : more;
}

const line = fc.oneof(comment, blank, header, entry, entry, entry, joined);

export const iniText: fc.Arbitrary<string> = fc
  .tuple(fc.boolean(), fc.array(fc.tuple(line, lineEnd), { maxLength: 9 }), fc.boolean())
  .map(([hasMark, lines, isOpen]) => {
    const whole = lines.map(([print, end], index) => print(index) + end).join('');
    return (hasMark ? '\u00ef\u00bb\u00bf' : '') + (isOpen ? whole.replace(/\r?\n$/, '') : whole);
  });
