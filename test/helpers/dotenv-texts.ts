import fc from 'fast-check';

/** `.env` texts of every kind that is read, for properties: line ends, quotes over lines, any bytes in values. */

const byteInLine = fc.integer({ min: 0, max: 255 }).filter((byte) => byte !== 10 && byte !== 13);
const bytes = fc.array(byteInLine, { maxLength: 6 }).map((line) => String.fromCharCode(...line));
const utf8 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
const word = fc.stringMatching(/^[A-Za-z0-9_ .'"`#-]{0,6}$/);
const key = fc.oneof(
  fc.constantFrom('A', 'B', 'x_unencrypted', 'sops', 'export C', ' D ', '', utf8('é')),
  word.filter((text) => !text.startsWith('#') && !text.startsWith('sops_')),
);
const value = fc.oneof(
  word,
  bytes,
  fc.constantFrom('', '"a" # c', String.raw`a\nb`, String.raw`"a\\nb"`, '"open', "'", '`a', 'a=b', utf8('ü😀')),
);
const entry = fc.tuple(key, value).map(([name, text]) => `${name}=${text}`);
const comment = fc.oneof(word, fc.constantFrom('', utf8(' é'), 'ENC[')).map((text) => `#${text}`);

/** A value over lines that sops could not read. */
const broken = fc
  .tuple(
    key,
    fc.constantFrom('"', "'", '`'),
    fc.array(fc.constantFrom('x', 'a=b', '', '# c', '==', ' '), { maxLength: 3 }),
    fc.constantFrom('', ' # end', '  '),
  )
  .map(([name, quote, lines, end]) => [`${name}=${quote}first`, ...lines, `not an entry`, `last${quote}${end}`].join('\n'));

const line = fc.oneof(
  { weight: 5, arbitrary: entry },
  { weight: 2, arbitrary: comment },
  { weight: 2, arbitrary: fc.constant('') },
  broken,
);

/** One character a byte. */
export const dotenvText: fc.Arbitrary<string> = fc
  .tuple(fc.array(line, { maxLength: 6 }), fc.constantFrom('\n', '\r\n'), fc.boolean(), fc.boolean())
  .map(([lines, eol, isOpen, hasMark]) => {
    const text = lines.map((content) => content.replaceAll('\n', eol) + eol).join('');
    return (hasMark ? '\u00ef\u00bb\u00bf' : '') + (isOpen ? text.slice(0, -eol.length) : text);
  });

/** A value for one line. */
export const dotenvValue: fc.Arbitrary<string> = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('a\nb', '"open', 'x\r'),
);
