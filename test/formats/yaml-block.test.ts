import { describe, expect, test } from 'vitest';

import type { MetaMap, MetaValue } from '../../src/core/metadata.ts';
import { applySplices } from '../../src/core/tree.ts';
import type { YamlSource } from '../../src/formats/yaml/source.ts';
import { yaml } from '../../src/formats/yaml/yaml.ts';
import { meaning } from '../helpers/fake-seal.ts';
import { problemOf } from '../helpers/problem.ts';

const read = (text: string): YamlSource => yaml.read(Buffer.from(text), 'x.yaml');
const add = (text: string, block: MetaMap): string => {
  const source = read(text);
  return applySplices(source.text, yaml.addMetadata(source, block));
};
const update = (text: string, block: MetaMap): string => {
  const source = read(text);
  return applySplices(source.text, yaml.updateMetadata(source, block));
};
const remove = (text: string): string => {
  const source = read(text);
  return applySplices(source.text, yaml.removeMetadata(source));
};

const key = new Map<string, MetaValue>([
  ['enc', '-----BEGIN-----\nYWdl\n-----END-----\n'],
  ['recipient', 'age1alice'],
]);
const block = new Map<string, MetaValue>([
  ['age', [key]],
  ['lastmodified', '2026-01-02T03:04:05Z'],
  ['mac', 'ENC[m]'],
  ['mac_only_encrypted', true],
  ['shamir_threshold', 2],
  ['unencrypted_suffix', '_unencrypted'],
  ['version', '3.13.2'],
]);
/** Plain scalars are read as their texts. */
const blockAsRead = new Map<string, MetaValue>([...block, ['shamir_threshold', '2']]);
const small = new Map<string, MetaValue>([['mac', 'ENC[m]']]);

test('a block is laid out as sops lays it out', () => {
  expect(add('a: x\n', block)).toBe(
    [
      'a: x',
      'sops:',
      '    age:',
      '        - enc: |',
      '            -----BEGIN-----',
      '            YWdl',
      '            -----END-----',
      '          recipient: age1alice',
      '    lastmodified: "2026-01-02T03:04:05Z"',
      '    mac: ENC[m]',
      '    mac_only_encrypted: true',
      '    shamir_threshold: 2',
      '    unencrypted_suffix: _unencrypted',
      '    version: 3.13.2',
      '',
    ].join('\n'),
  );
});

/** Plain texts, and what they are with a small block. */
const places: readonly (readonly [string, string, string])[] = [
  ['at the end', 'a: x\n', 'a: x\nsops:\n    mac: ENC[m]\n'],
  ['in the columns of the text', 'a:\n  b: x\n', 'a:\n  b: x\nsops:\n  mac: ENC[m]\n'],
  ['without the last line break', 'a: x', 'a: x\nsops:\n    mac: ENC[m]'],
  ['below blank lines', 'a: x\n\n\n', 'a: x\n\n\nsops:\n    mac: ENC[m]\n'],
  ['below a comment', 'a: x\n# c\n', 'a: x\n# c\nsops:\n    mac: ENC[m]\n'],
  ['below a text block', 'a: |\n  x\n', 'a: |\n  x\nsops:\n    mac: ENC[m]\n'],
  ['below kept blank lines', 'a: |+\n  x\n\n', 'a: |+\n  x\n\nsops:\n    mac: ENC[m]\n'],
  ['below an empty value', 'a:\n', 'a:\nsops:\n    mac: ENC[m]\n'],
  ['with CRLF', 'a: x\r\n', 'a: x\r\nsops:\r\n    mac: ENC[m]\r\n'],
  ['with CRLF, without the last one', 'a: x\r\nb: y', 'a: x\r\nb: y\r\nsops:\r\n    mac: ENC[m]'],
  ['after a byte order mark', '\uFEFFa: x\n', '\uFEFFa: x\nsops:\n    mac: ENC[m]\n'],
  ['at an indented root', '  a: x\n  b: y\n', '  a: x\n  b: y\n  sops:\n    mac: ENC[m]\n'],
  ['in every document', 'a: x\n---\nb: y\n', 'a: x\nsops:\n    mac: ENC[m]\n---\nb: y\nsops:\n    mac: ENC[m]\n'],
  [
    'before the end of a document',
    'a: x\n...\n---\nb: y\n...\n',
    'a: x\nsops:\n    mac: ENC[m]\n...\n---\nb: y\nsops:\n    mac: ENC[m]\n...\n',
  ],
  ['in an empty document', '---\n', '---\nsops:\n    mac: ENC[m]\n'],
  ['in empty documents', '---\n---\n', '---\nsops:\n    mac: ENC[m]\n---\nsops:\n    mac: ENC[m]\n'],
  ['in a document of comments', '# c\n---\n# d\n', '# c\n---\n# d\nsops:\n    mac: ENC[m]\n'],
  ['in brackets', '{a: x}\n', '{a: x, "sops": {"mac": "ENC[m]"}}\n'],
  ['in brackets over lines', '{\n  a: x,\n  b: y\n}\n', '{\n  a: x,\n  b: y, "sops": {"mac": "ENC[m]"}\n}\n'],
  ['in brackets that end with a comma', '{a: x,}\n', '{a: x, "sops": {"mac": "ENC[m]"},}\n'],
  ['in empty brackets', '{}\n', '{"sops": {"mac": "ENC[m]"}}\n'],
];

describe('a block is added, read and taken out again', () => {
  test.each(places)('%s', (_, plain, sealed) => {
    expect(add(plain, small)).toBe(sealed);
    expect(read(sealed).metadata).toEqual(small);
    expect(meaning(read(sealed).tree)).toEqual(meaning(read(plain).tree));
    expect(remove(sealed)).toBe(plain);
  });

  test.each(places)('with all fields: %s', (_, plain) => {
    expect(read(add(plain, block)).metadata).toEqual(blockAsRead);
    expect(remove(add(plain, block))).toBe(plain);
  });
});

describe('a block that stands elsewhere', () => {
  test.each([
    ['in the middle', 'a: x\nsops:\n    mac: m\nb: y\n', 'a: x\nb: y\n'],
    ['at the start', 'sops:\n    mac: m\nb: y\n', 'b: y\n'],
    ['between comments', 'a: x\n# c\nsops:\n    mac: m\n# d\nb: y\n', 'a: x\n# c\n# d\nb: y\n'],
    ['in brackets, in the middle', '{a: x, sops: {mac: m}, b: y}\n', '{a: x, b: y}\n'],
    ['in brackets, at the start', '{sops: {mac: m}, b: y}\n', '{b: y}\n'],
    ['in brackets, before an anchor', '{sops: {mac: m} , &k b: y}\n', '{&k b: y}\n'],
    ['in brackets, alone before a comma', '{sops: {mac: m},}\n', '{}\n'],
    ['in brackets, last before a comma', '{a: x, sops: {mac: m},}\n', '{a: x,}\n'],
    ['in the first document only', 'a: x\nsops:\n    mac: m\n---\nb: y\n', 'a: x\n---\nb: y\n'],
    ['with comments in it, which go with it', 'a: x\nsops:\n    # c\n    mac: m\n', 'a: x\n'],
    ['with a comment at its end, which stays', 'a: x\nsops:\n    mac: m\n    # d\n', 'a: x\n    # d\n'],
    ['with brackets of its own', 'a: x\nsops: {mac: m}\n', 'a: x\n'],
    ['in quotes', 'a: x\n"sops":\n    mac: m\n', 'a: x\n'],
    // sops 3.13.3 writes so what stood behind an alias at the end.
    ['with a comment behind its key, which is of the document', 'a: x\nsops: # c\n    mac: m\n', 'a: x\n# c\n'],
    ['with comments behind its key and its end', 'a: x\nsops: # c\n    mac: m # d\n', 'a: x\n# c\n# d\n'],
  ])('%s', (_, sealed, plain) => {
    expect(read(sealed).metadata).toEqual(new Map([['mac', 'm']]));
    expect(remove(sealed)).toBe(plain);
    expect(meaning(read(sealed).tree)).toEqual(meaning(read(plain).tree));
  });
});

describe('a block changes where it differs', () => {
  const sealed = add('a: x\n', block);
  const changed = (name: string, value: MetaValue | undefined): MetaMap => {
    const other = new Map(block);
    if (value === undefined) other.delete(name);
    else other.set(name, value);
    return other;
  };
  const lines = (text: string): readonly string[] => text.split('\n');
  const differing = (one: string, other: string): readonly string[] => [
    ...lines(one)
      .filter((line) => !lines(other).includes(line))
      .map((line) => `-${line}`),
    ...lines(other)
      .filter((line) => !lines(one).includes(line))
      .map((line) => `+${line}`),
  ];

  test('in nothing where nothing is new', () => {
    expect(update(sealed, block)).toBe(sealed);
  });

  test.each([
    ['a value', changed('mac', 'ENC[n]'), ['-    mac: ENC[m]', '+    mac: ENC[n]']],
    ['a value that needs quotes', changed('version', '3.0'), ['-    version: 3.13.2', '+    version: "3.0"']],
    ['a new field where sorting puts it', changed('kms', [new Map([['arn', 'a']])]), ['+    kms:', '+        - arn: a']],
    ['a new last field', changed('zzz', 'z'), ['+    zzz: z']],
    ['a field that goes', changed('shamir_threshold', undefined), ['-    shamir_threshold: 2']],
    ['a list', changed('age', [key, key, new Map([['recipient', 'age1bob']])]), ['+        - recipient: age1bob']],
    [
      'a list that goes',
      changed('age', undefined),
      [
        '-    age:',
        '-        - enc: |',
        '-            -----BEGIN-----',
        '-            YWdl',
        '-            -----END-----',
        '-          recipient: age1alice',
      ],
    ],
  ] satisfies [string, MetaMap, string[]][])('%s', (_, other, difference) => {
    const after = update(sealed, other);
    expect(differing(sealed, after)).toEqual(difference);
    expect(read(after).metadata).toEqual(other.has('shamir_threshold') ? new Map([...other, ['shamir_threshold', '2']]) : other);
    expect(remove(after)).toBe('a: x\n');
  });

  test('in every document', () => {
    const two = add('a: x\n---\nb: y\n', small);
    expect(update(two, new Map([['mac', 'ENC[n]']]))).toBe('a: x\nsops:\n    mac: ENC[n]\n---\nb: y\nsops:\n    mac: ENC[n]\n');
  });

  test('in a document that had none', () => {
    expect(update('a: x\nsops:\n    mac: m\n---\nb: y\n', small)).toBe('a: x\nsops:\n    mac: ENC[m]\n---\nb: y\nsops:\n    mac: ENC[m]\n');
  });

  test('in brackets, anew', () => {
    expect(update('{a: x, sops: {mac: m, z: 1}}\n', small)).toBe('{a: x, sops: {"mac": "ENC[m]"}}\n');
    expect(update('a: x\nsops: {mac: m}\n', small)).toBe('a: x\nsops: {"mac": "ENC[m]"}\n');
  });

  test('at the end of a text without its last line break', () => {
    expect(
      update(
        'a: x\nsops:\n    mac: m',
        new Map([
          ['mac', 'ENC[n]'],
          ['z', 'x'],
        ]),
      ),
    ).toBe('a: x\nsops:\n    mac: ENC[n]\n    z: x');
  });

  test('with CRLF', () => {
    expect(
      update(
        'a: x\r\nsops:\r\n    mac: m\r\n',
        new Map<string, MetaValue>([
          ['age', [key]],
          ['mac', 'ENC[n]'],
        ]),
      ),
    ).toBe(
      'a: x\r\nsops:\r\n    age:\r\n        - enc: |\r\n            -----BEGIN-----\r\n            YWdl\r\n            -----END-----\r\n          recipient: age1alice\r\n    mac: ENC[n]\r\n',
    );
  });
});

describe('the layout of sops 3.6', () => {
  const old = [
    'a: ENC[a]',
    'sops:',
    '    kms: []',
    '    gcp_kms: []',
    "    lastmodified: '2020-01-02T03:04:05Z'",
    '    mac: ENC[m]',
    '    pgp:',
    "    -   created_at: '2020-01-02T03:04:05Z'",
    '        enc: |-',
    '            -----BEGIN PGP MESSAGE-----',
    '',
    '            wcFMA',
    '            -----END PGP MESSAGE-----',
    '        fp: ABCD',
    '    unencrypted_suffix: _unencrypted',
    '    version: 3.6.1',
    '',
  ].join('\n');

  test('is read', () => {
    expect(read(old).metadata).toEqual(
      new Map<string, MetaValue>([
        ['kms', []],
        ['gcp_kms', []],
        ['lastmodified', '2020-01-02T03:04:05Z'],
        ['mac', 'ENC[m]'],
        [
          'pgp',
          [
            new Map<string, MetaValue>([
              ['created_at', '2020-01-02T03:04:05Z'],
              ['enc', '-----BEGIN PGP MESSAGE-----\n\nwcFMA\n-----END PGP MESSAGE-----'],
              ['fp', 'ABCD'],
            ]),
          ],
        ],
        ['unencrypted_suffix', '_unencrypted'],
        ['version', '3.6.1'],
      ]),
    );
  });

  test('stays when values change', () => {
    const { metadata } = read(old);
    const after = update(
      old,
      new Map<string, MetaValue>([...(metadata ?? []), ['lastmodified', '2026-01-02T03:04:05Z'], ['mac', 'ENC[n]']]),
    );
    expect(after).toBe(old.replace("'2020-01-02T03:04:05Z'\n    mac: ENC[m]", "'2026-01-02T03:04:05Z'\n    mac: ENC[n]"));
    expect(remove(old)).toBe('a: ENC[a]\n');
  });
});

describe('a block is refused', () => {
  test.each([
    ['that is no map', 'sops: x\n', { code: 'bad-metadata', file: 'x.yaml', reason: 'its entry "sops" is not a map' }],
    ['that is a list', 'sops: [x]\n', { code: 'bad-metadata', file: 'x.yaml', reason: 'its entry "sops" is not a map' }],
  ])('%s', (_, text, problem) => {
    expect(problemOf(() => read(text))).toEqual(problem);
  });

  test('where another is there', () => {
    expect(problemOf(() => add('a: x\nsops: {}\n', small))).toEqual({ code: 'already-encrypted', file: 'x.yaml' });
  });

  test('that is empty counts as none', () => {
    expect(read('a: x\nsops: {}\n').metadata).toBeNull();
  });
});
