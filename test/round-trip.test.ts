import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

import type { FormatName } from '../src/formats/format.ts';
import { formatOfPath } from '../src/formats/index.ts';
import { corpusEntries, corpusPath } from './helpers/corpus.ts';
import { alice, sec } from './helpers/sec.ts';

const names: Readonly<Record<FormatName, string>> = {
  yaml: 'plain.yaml',
  json: 'plain.json',
  dotenv: 'plain.env',
  ini: 'plain.ini',
  binary: 'plain.txt',
};

/** What the file becomes when it is encrypted and decrypted again; a message where it is refused. */
async function thereAndBack(name: string, text: string): Promise<string> {
  const sealed = await sec(['encrypt', '--age', alice.recipient, name], { [name]: text });
  if (sealed.status !== 0) return `${sealed.status} ${sealed.err}`;
  const keys = { '~/.config/sops/age/keys.txt': alice.identity };
  const opened = await sec(['decrypt', name], { [name]: sealed.outBytes, ...keys });
  return opened.status === 0 ? opened.out : `${opened.status} ${opened.err}`;
}

describe('a decrypted file is the file that was encrypted', () => {
  for (const [format, texts] of plainTexts()) {
    for (const [origin, text] of texts) {
      test(origin, async () => {
        expect(await thereAndBack(names[format], text)).toBe(text);
      });
      if (format === 'binary') continue;
      test.each(variants(text))(`${origin}: %s`, async (_, variant) => {
        expect(await thereAndBack(names[format], variant)).toBe(variant);
      });
    }
  }
});

/** What people write and sops prints anew. */
const layouts: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  'plain.yaml': [
    ['tabs after values and between words', 'a: x\t\nb: "x\ty"\t# c\nc: x\ty\n'],
    ['a byte order mark', '\uFEFFa: x\n'],
    ['flow style over lines', 'a: {b: x, "c": [1, 2.50,\n  x y], d: {}}\ne: [\n  x,\n]\n'],
    ['folded and literal blocks', 'a: >-\n  x\n  y\n\n  z\nb: |+\n  x\n\nc: |2\n    x\nd: >\n   x\n    y\n'],
    ['quotes with breaks and escapes', 'a: "x\n  y"\nb: \'it\'\'s\n\n  z\'\nc: "\\x41\\u00e9\\\n  z"\n'],
    ['anchors, aliases and merge keys', 'a: &x {k: v}\nb: *x\nc:\n  <<: *x\n  l: w\nd: &y z\ne: [*y, *y]\n'],
    ['notations of numbers', 'a: 0x1F\nb: 0o17\nc: 017\nd: 1_000\ne: 1.10\nf: +1\ng: 1e3\nh: .5\ni: 0b11\nj: -0\nk: -0.0\nl: .inf\n'],
    ['numbers of thirty digits', 'a: 123456789012345678901234567890\nb: 0.123456789012345678901234567890\n'],
    ['dates', 'a: 2024-01-02\nb: 2024-01-02T03:04:05Z\nc: 2024-1-2 3:04:05\nd: 2024-01-02T03:04:05.60+05:30\n'],
    ['notations of booleans and nothing', 'a: TRUE\nb: False\nc: ~\nd:\ne: Null\nf: yes\n'],
    ['comments everywhere', '# a\n\n#b\na: # c\n  # d\n  b: x # e\n  # f\nc:\n  # g\n  - x # h\n  # i\n  - # j\n    d: y\n# k\n'],
    ['several documents', '%YAML 1.1\n---\na: x\n...\n---\n# b\nb: y\n--- # c\nc: z\n'],
    ['lists in the column of their key', 'a:\n- x\n-   y\n- - z\n  - z\n-\n  b: c\n'],
    ['explicit keys and tags', '? a\n: x\nb: !!str 1\nc: !!int "3"\nd: !!binary /w==\ne: !mine x\n'],
    ['spaces in odd places', 'a:   x   \n"b"  :  y\nc: {  d :  z  }\n\n\ne:\n     f: 1\n'],
  ],
  'plain.json': [
    ['one line without its end', '{"a":"x","b":[1,2.50,true,null],"c":{"d":"y"}}'],
    ['spaces in odd places', ' {  "a" : "x" ,\n\n"b":[ 1 ,2 ] }\n\n'],
    ['escapes', '{"a":"\\u0041\\/\\ud83d\\ude00<&>","b\\u0041":"\\t"}\n'],
    ['notations of numbers', '{"a":1.10,"b":1E5,"c":-0,"d":-0.0,"e":123456789012345678901234567890,"f":1e-7}\n'],
    ['tabs and CRLF', '{\r\n\t"a": "x"\r\n}\r\n'],
  ],
  'plain.env': [
    ['blank lines and comments', '\n# a\n\n#b\nA=x\n\n\nB=y\n'],
    ['quotes, spaces and export', 'export A=x\nB = y \nC="x\\ny"\nD=\'x y\'\nE=\nF=a=b #c\n'],
    ['CRLF without the last one', 'A=x\r\nB=y'],
    ['quotes over lines', 'A="x\ny"\nB=z\n'],
  ],
  'plain.ini': [
    ['no alignment, blank lines, both comments', '; a\n\nk=v\n\n[s]\n# b\nlong_key = x\nk:y\n\n\n[t]\n'],
    ['quotes and spaces', '[s]\nk = "x y"\nl = \'z\'\n  m   =   `a#b`  \nn =\n'],
  ],
};

describe('keeps the layout', () => {
  for (const [name, texts] of Object.entries(layouts))
    test.each(texts)(`of ${name}: %s`, async (_, text) => {
      expect(await thereAndBack(name, text)).toBe(text);
    });
});

/** The same text as others write it. */
function variants(text: string): readonly (readonly [string, string])[] {
  const unix = text.replaceAll('\r\n', '\n');
  return [
    ['with CRLF', unix.replaceAll('\n', '\r\n')],
    ['without the last line break', unix.replace(/\n+$/, '')],
    ['with CRLF, without the last one', unix.replace(/\n+$/, '').replaceAll('\n', '\r\n')],
    ['with blank lines around', `\n\n${unix}\n\n`],
  ];
}

/** Each text that sops printed of the corpus, once. */
function plainTexts(): ReadonlyMap<FormatName, ReadonlyMap<string, string>> {
  const texts = new Map<FormatName, Map<string, string>>();
  const seen = new Set<string>();
  for (const { file, args, expected } of corpusEntries()) {
    if (expected.plaintext === undefined || args.includes('--extract')) continue;
    const text = readFileSync(corpusPath(expected.plaintext), 'utf8');
    const format = formatOf(args[args.indexOf('--output-type') + 1], file);
    if (seen.has(format + text)) continue;
    seen.add(format + text);
    texts.set(format, (texts.get(format) ?? new Map<string, string>()).set(expected.plaintext.replace(/^expected\//, ''), text));
  }
  return texts;
}

function formatOf(word: string | undefined, file: string): FormatName {
  return word === 'yaml' || word === 'json' || word === 'dotenv' || word === 'ini' ? word : formatOfPath(file);
}
