/** Texts that readers stumble over, by what is hard about them. The file's name says the format. */
export interface HardText {
  readonly name: string;
  readonly file: string;
  readonly bytes: Uint8Array;
}

function text(name: string, file: string, content: string | Uint8Array): HardText {
  return { name, file, bytes: Buffer.from(content) };
}

/** One byte a character, so that bytes which are no UTF-8 can be written down. */
function bytes(name: string, file: string, content: string): HardText {
  return { name, file, bytes: Buffer.from(content, 'latin1') };
}

const notUtf8: readonly HardText[] = [
  bytes('a YAML value that is not UTF-8', 'f.yaml', 'a: "\xff\xfe"\n'),
  bytes('a YAML comment that is not UTF-8', 'f.yaml', '# \xff\na: 1\n'),
  bytes('a YAML key that is not UTF-8', 'f.yaml', '\xc3\x28: 1\n'),
  bytes('an overlong slash', 'f.yaml', 'a: \xc0\xaf\n'),
  bytes('half a surrogate pair as bytes', 'f.yaml', 'a: \xed\xa0\x80\n'),
  bytes('a JSON value that is not UTF-8', 'f.json', '{"a":"\xff"}'),
  bytes('a .env value that is not UTF-8', 'f.env', 'A=\xff\n'),
  bytes('a .env key that is not UTF-8', 'f.env', '\xff=1\n'),
  bytes('a .env comment that is not UTF-8', 'f.env', '#\xff\nA=1\n'),
  bytes('an INI value that is not UTF-8', 'f.ini', '[s]\nk = \xff\n'),
  bytes('an INI key that is not UTF-8', 'f.ini', '[s]\n\xff = 1\n'),
  bytes('an INI section that is not UTF-8', 'f.ini', '[\xff]\nk = 1\n'),
  bytes('an INI comment that is not UTF-8', 'f.ini', '; \xff\n[s]\nk = 1\n'),
  bytes('a file that is not UTF-8', 'f.bin', '\xff\xfe\0'),
  text('YAML in UTF-16', 'f.yaml', Buffer.from('\uFEFFa: 1\n', 'utf16le')),
  text('JSON in UTF-16', 'f.json', Buffer.from('\uFEFF{"a":1}', 'utf16le')),
];

const controls: readonly HardText[] = [
  text('NUL in a plain YAML value', 'f.yaml', 'a: b\0c\n'),
  text('NUL in a YAML comment', 'f.yaml', '# b\0c\na: 1\n'),
  text('NUL as an escape in YAML', 'f.yaml', 'a: "b\\0c"\n"k\\0": "x"\n'),
  text('control characters as escapes in YAML', 'f.yaml', 'a: "\\x01\\x07\\x1b\\x7f\\x9f"\n'),
  text('DEL in YAML', 'f.yaml', 'a: b\u007Fc\n'),
  text('U+FFFF in YAML', 'f.yaml', 'a: b\uFFFFc\n'),
  text('NUL in JSON', 'f.json', '{"a\0":"b"}'),
  text('NUL as an escape in JSON', 'f.json', '{"a\\u0000":"b\\u0000c"}'),
  text('NUL in a .env value', 'f.env', 'A=b\0c\n'),
  text('NUL in a .env key and a comment', 'f.env', '# \0\nA\0B=c\n'),
  text('NUL in INI', 'f.ini', '; \0\n[s\0]\nk\0 = b\0c\n'),
  text('NUL in a file', 'f.bin', 'b\0c'),
];

const surrogates: readonly HardText[] = [
  text('half a surrogate pair in a JSON value', 'f.json', '{"a":"\\ud800"}'),
  text('half a surrogate pair in a JSON key', 'f.json', '{"\\udc00":1}'),
  text('a surrogate pair in JSON', 'f.json', '{"a":"\\ud83d\\ude00"}'),
  text('half a surrogate pair in a YAML value', 'f.yaml', 'a: "\\ud800"\n'),
  text('half a surrogate pair in a YAML key', 'f.yaml', '"\\udc00": 1\n'),
  text('a surrogate pair in YAML', 'f.yaml', 'a: "\\ud83d\\ude00"\n'),
  text('a character beyond all in YAML', 'f.yaml', 'a: "\\U00110000"\n'),
];

const doubles: readonly HardText[] = [
  text('a YAML key twice', 'f.yaml', 'a: 1\na: 2\n'),
  text('a YAML key twice, once in quotes', 'f.yaml', 'a: 1\n"a": 2\n'),
  text('a YAML key twice in a list', 'f.yaml', 'x:\n  - {a: 1, b: 2, a: 3}\n'),
  text('a YAML key twice in the second document', 'f.yaml', 'x: 1\n---\na: 1\na: 2\n'),
  text('a merge key twice', 'f.yaml', 'b: &b {x: 1}\na:\n  <<: *b\n  <<: *b\n'),
  text('a number and a text as the same key', 'f.yaml', '1: a\n"1": b\n'),
  text('a JSON key twice in a list', 'f.json', '{"x":[{"a":1,"a":2}]}'),
  text('a .env key twice', 'f.env', 'A=1\nA=2\n'),
  text('an INI key twice', 'f.ini', '[s]\nk=1\nk=2\n'),
  text('an INI section twice', 'f.ini', '[s]\nk=1\n[s]\nk=2\n'),
];

const marks: readonly HardText[] = [
  text('a byte order mark before YAML', 'f.yaml', '\uFEFFa: 1\n'),
  text('a byte order mark before the second document', 'f.yaml', 'a: 1\n---\n\uFEFFb: 1\n'),
  text('a byte order mark in a YAML value', 'f.yaml', 'a: "\uFEFFx"\n'),
  text('two byte order marks before YAML', 'f.yaml', '\uFEFF\uFEFFa: 1\n'),
  text('a byte order mark before JSON', 'f.json', '\uFEFF{"a":1}'),
  text('a byte order mark before .env', 'f.env', '\uFEFFA=1\n'),
  text('a byte order mark before INI', 'f.ini', '\uFEFF[s]\nk = 1\n'),
];

const breaks: readonly HardText[] = [
  text('CR alone in YAML', 'f.yaml', 'a: 1\rb: 2\r'),
  text('CR alone in a YAML comment', 'f.yaml', '# x\ry\na: 1\n'),
  text('CR as an escape in YAML', 'f.yaml', 'a: "x\\ry"\n'),
  text('CR alone in JSON', 'f.json', '{"a":1,\r"b":2}'),
  text('CR alone in .env', 'f.env', 'A=x\ry\n'),
  text('CR alone in an INI value', 'f.ini', '[s]\nk = x\ry\n'),
  text('CR alone in INI', 'f.ini', '[s]\rk = x\r'),
  text('CRLF and LF in YAML', 'f.yaml', 'a: 1\r\nb: |\r\n  x\r\n  y\nc: 3\r\n'),
  text('CRLF and LF in .env', 'f.env', 'A=1\r\nB=2\n'),
  text('CRLF and LF in INI', 'f.ini', '[s]\r\nA=1\r\nB=2\n'),
];

/** Characters that are line breaks or white space to some readers. */
const spaces = {
  'U+2028': '\u2028',
  'U+2029': '\u2029',
  NEL: '\u0085',
  'form feed': '\f',
  'vertical tab': '\v',
  'no-break space': '\u00A0',
};

const spaced: readonly HardText[] = Object.entries(spaces).flatMap(([name, sign]) => [
  text(`${name} in a plain YAML value`, 'f.yaml', `a: x${sign}y\n`),
  text(`${name} between double quotes`, 'f.yaml', `a: "x${sign}y"\n`),
  text(`${name} between single quotes`, 'f.yaml', `a: 'x${sign}y'\n`),
  text(`${name} in a YAML block`, 'f.yaml', `a: |\n  x${sign}y\n`),
  text(`${name} in a YAML value in the clear`, 'f.yaml', `a_unencrypted: "x${sign}y"\nb: 1\n`),
  text(`${name} in a YAML comment`, 'f.yaml', `# x${sign}y\na: 1\n`),
  text(`${name} in a comment of a YAML list`, 'f.yaml', `a:\n  # x${sign}y\n  - 1\n`),
  text(`${name} in a YAML key`, 'f.yaml', `"x${sign}y": 1\n`),
  text(`${name} in JSON`, 'f.json', `{"x${sign}y":"x${sign}y"}`),
  text(`${name} in .env`, 'f.env', `# x${sign}y\nK${sign}L=x${sign}y\n`),
  text(`${name} in INI`, 'f.ini', `; x${sign}y\n[s${sign}t]\nk${sign}l = x${sign}y\n`),
]);

export const hardTexts: readonly HardText[] = [...notUtf8, ...controls, ...surrogates, ...doubles, ...marks, ...breaks, ...spaced];

/** Keys that need quotes or escapes somewhere. */
export const hardKeys: readonly string[] = [
  ['', ' ', 'a b', ' a', 'a ', 'a:b', 'a: b', 'a #b', '#a', ';a', '- a', '-', '?', '? a', ':', '=', 'a=b', '!a', '&a', '*a', '|', '>'],
  ['%a', '@a', '`a', "'", '"', "it's", 'a"b', '\\', 'a\\b', 'a\\nb', '[a]', '{a}', ',', 'a,b', '<&>', '$a', '${a}', '~'],
  ['null', 'true', 'yes', 'y', 'on', 'NO', '1', '1.0', '-1', '0x1', '1e3', '1:30', '2024-01-01', '<<', '---', '...', '.inf', '.nan'],
  ['sops2', 'Sops', 'a.b', 'a[0]', 'é', 'ключ', '漢字', '😀', 'a\tb', 'a\nb', '\u0001', '\u007F', '\u00A0', '\uFEFF'],
  ['__proto__', 'constructor', 'toString', 'k'.repeat(128), 'k'.repeat(129), 'k'.repeat(1023), 'é'.repeat(65)],
].flat();
