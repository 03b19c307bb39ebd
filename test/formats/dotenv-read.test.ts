import { describe, expect, test } from 'vitest';

import { dotenv } from '../../src/formats/dotenv.ts';
import type { DotenvSource } from '../../src/formats/dotenv-read.ts';
import { openAll, piecesOf, sealAll, someMetadata } from '../helpers/fake-seal.ts';
import { problemOf } from '../helpers/problem.ts';

const read = (text: string): DotenvSource => dotenv.read(Buffer.from(text), 'x.env');

/** Keys with their texts, and comments with their marker. */
function entries(text: string): readonly unknown[] {
  const items = read(text).tree.documents[0]?.items ?? [];
  return items.map((item) => {
    if (item.kind === 'comment') return `#${item.text}`;
    return [item.key, item.value.kind === 'leaf' && item.value.value.type === 'str' ? item.value.value.text : null];
  });
}

describe('reading', () => {
  test.each([
    ['# c\nA=1\n\nB=x\\ny\nE=\n', ['# c', ['A', '1'], ['B', 'x\ny'], ['E', '']]],
    [
      'B = two \nexport C=3\nQ="q"\n',
      [
        ['B ', ' two '],
        ['export C', '3'],
        ['Q', '"q"'],
      ],
    ],
    [
      'A=1\nA=2\n',
      [
        ['A', '1'],
        ['A', '2'],
      ],
    ],
    ['=x\nA=b=c # d\n#\n', [['', 'x'], ['A', 'b=c # d'], '#']],
    [
      'sops=1\nsopsx=2\n',
      [
        ['sops', '1'],
        ['sopsx', '2'],
      ],
    ],
    ['A=C:\\temp\\\\nx', [['A', 'C:\\temp\\\nx']]],
    ['é=ü😀', [['é', 'ü😀']]],
    ['', []],
    ['\n\n', []],
  ])('%j', (text, items) => {
    expect(entries(text)).toEqual(items);
  });

  test.each([
    ['A=1\nnovalue\n', 2],
    ['A=1\n\n # c\n', 3],
    ['   \n', 1],
    ['A="x\ny\nB=1\n', 2],
    ['A="x\ny"\nz\n', 3],
  ])('refuses a line without an equals sign, with its number: %j', (text, line) => {
    expect(problemOf(() => read(text))).toEqual({
      code: 'malformed',
      file: 'x.env',
      format: 'dotenv',
      reason: 'a line without "=" that is no comment',
      line,
    });
  });

  test('takes a value that is not UTF-8 as bytes, and refuses such a key and such a comment', () => {
    const latin = (text: string): DotenvSource => dotenv.read(Buffer.from(text, 'latin1'), 'x.env');
    expect(piecesOf(latin('A=\xff\n').tree).map((piece) => piece.kind === 'leaf' && piece.value)).toEqual([
      { type: 'bytes', bytes: Buffer.from([0xff]) },
    ]);
    const refused = { code: 'malformed', file: 'x.env', format: 'dotenv', line: 2 };
    expect(problemOf(() => latin('A=1\n\xff=1\n'))).toEqual({ ...refused, reason: 'a key that is not UTF-8' });
    expect(problemOf(() => latin('A=1\n# \xff\n'))).toEqual({ ...refused, reason: 'a comment that is not UTF-8' });
    expect(problemOf(() => latin('A=1\n# \xff\nsops_mac=m\n'))).toBeNull();
  });

  test('leaves a CR that ends every line to the line end, and any other to the value', () => {
    expect(entries('A=1\r\n\r\n# c\r\nB=\r\n')).toEqual([['A', '1'], '# c', ['B', '']]);
    expect(entries('A=1\r\nB=2')).toEqual([
      ['A', '1'],
      ['B', '2'],
    ]);
    expect(entries('A=1\r\nB=2\n# c\r\n')).toEqual([['A', '1\r'], ['B', '2'], '# c\r']);
    expect(entries('A=1\r')).toEqual([['A', '1\r']]);
  });

  test('leaves a byte order mark out of the first key, but not where sops has sealed the value under it', () => {
    expect(entries('\uFEFFA=1\n')).toEqual([['A', '1']]);
    expect(entries('\uFEFF# c\nA=1\n')).toEqual(['# c', ['A', '1']]);
    expect(entries('\uFEFFA=ENC\nsops_mac=m\n')).toEqual([['\uFEFFA', 'ENC']]);
    expect(entries('\uFEFFsops_mac=m\nA=ENC\n')).toEqual([['A', 'ENC']]);
  });
});

describe('a value in quotes over lines', () => {
  test.each([
    [
      'double quotes',
      'A="x\ny"\nB=1\n',
      [
        ['A', '"x\ny"'],
        ['B', '1'],
      ],
    ],
    ['single quotes', "A='x\ny'\n", [['A', "'x\ny'"]]],
    ['backticks', 'A=`x\ny`\n', [['A', '`x\ny`']]],
    [
      'a key in base64',
      'K="-----BEGIN KEY-----\nTWFu\nTQ==\n-----END KEY-----"\nB=1\n',
      [
        ['K', '"-----BEGIN KEY-----\nTWFu\nTQ==\n-----END KEY-----"'],
        ['B', '1'],
      ],
    ],
    [
      'a comment behind it',
      'A= "x\ny" # c\nB=1',
      [
        ['A', ' "x\ny" # c'],
        ['B', '1'],
      ],
    ],
    ['a quote behind a backslash', 'A="x\n\\"y\nz"\n', [['A', '"x\n\\"y\nz"']]],
    [
      'CRLF',
      'A="x\r\ny"\r\nB=1\r\n',
      [
        ['A', '"x\ny"'],
        ['B', '1'],
      ],
    ],
  ])('is one value: %s', (_, text, items) => {
    expect(entries(text)).toEqual(items);
  });

  test.each([
    [
      'every line has an equals sign',
      'A="x\nB=y"\n',
      [
        ['A', '"x'],
        ['B', 'y"'],
      ],
    ],
    [
      'a lone quote',
      "A='tis\nB=it's\n",
      [
        ['A', "'tis"],
        ['B', "it's"],
      ],
    ],
    [
      'it ends on its line',
      'A="x" y\nB=z"\n',
      [
        ['A', '"x" y'],
        ['B', 'z"'],
      ],
    ],
    [
      'it would reach into the metadata block',
      'A="x\nB=\'y\nz\'\nsops_mac="\n',
      [
        ['A', '"x'],
        ['B', "'y\nz'"],
      ],
    ],
  ])('is as sops has it where %s', (_, text, items) => {
    expect(entries(text)).toEqual(items);
  });

  test('is sealed on one line, opened with \\n, and cannot stay in the clear', () => {
    const text = 'A=1\nK="x\ny"\n';
    const source = read(text);
    const sealed = sealAll(dotenv, source, someMetadata());
    expect(
      sealed.text
        .split('\n')
        .slice(0, 3)
        .map((line) => line.slice(0, 9)),
    ).toEqual(['A=ENC[AES', 'K=ENC[AES', 'sops_age_']);
    expect(openAll(dotenv, read(sealed.text), new Map())).toBe('A=1\nK="x\\ny"\n');
    expect(openAll(dotenv, read(sealed.text), sealed.hints)).toBe(text);
    expect(piecesOf(source.tree).map(({ place }) => place?.clearRisk !== undefined)).toEqual([false, true]);
  });

  test('costs no more than reading where thousands of quotes stay open', () => {
    const text = Array.from({ length: 30_000 }, (_, index) => `A${index}="open\nB${index}='open\n`).join('');
    const start = performance.now();
    expect(piecesOf(read(text).tree)).toHaveLength(60_000);
    expect(performance.now() - start).toBeLessThan(3000);
  });
});

describe('the plain text of a file that was opened', () => {
  const block = 'sops_mac=m\nsops_version=3.13.3\n';
  const valuesAfter = (sealed: string, plain: string, changed: string): readonly unknown[] => {
    const source = read(sealed);
    const { tree } = dotenv.after?.({ source, plain: () => plain })?.read(Buffer.from(changed), 'x.env') ?? source;
    const items = tree.documents[0]?.items ?? [];
    return items.map((item) => (item.kind === 'entry' && item.value.kind === 'leaf' ? [item.key, item.value.value] : item));
  };
  const text = (value: string): unknown => ({ type: 'str', text: value });

  test('has CR in its values where sops had sealed them so', () => {
    expect(valuesAfter(`A=ENC[x]\n${block}`, 'A=x\r\n', 'A=x\r\nB=y\r\n')).toEqual([
      ['A', text('x\r')],
      ['B', text('y\r')],
    ]);
  });

  test('has none where our own line in the block says so, and where it had none before', () => {
    expect(valuesAfter(`A=ENC[x]\nsops_mac=m\nsops_sec__map_text=crlf\n`, 'A=x\r\n', 'A=y\r\n')).toEqual([['A', text('y')]]);
    expect(valuesAfter(`A=ENC[x]\n${block}`, 'A=x\n', 'A=x\r\n')).toEqual([['A', text('x')]]);
  });

  test('has a byte order mark in its first key where sops had sealed it so', () => {
    expect(valuesAfter(`\uFEFFA=ENC[x]\n${block}`, '\u00ef\u00bb\u00bfA=x\n', '\uFEFFA=y\n')).toEqual([['\uFEFFA', text('y')]]);
    expect(valuesAfter(`A=ENC[x]\n${block}`, 'A=x\n', '\uFEFFA=y\n')).toEqual([['A', text('y')]]);
  });
});
