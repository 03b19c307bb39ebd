import { describe, expect, test } from 'vitest';

import { applySplices } from '../../src/core/tree.ts';
import { json } from '../../src/formats/json.ts';
import type { JsonSource } from '../../src/formats/json-read.ts';
import { meaning, someMetadata } from '../helpers/fake-seal.ts';
import { problemOf } from '../helpers/problem.ts';

const read = (text: string): JsonSource => json.read(Buffer.from(text), 'x.json');

describe('the metadata block', () => {
  const block = '{"mac":"m","shamir_threshold":2,"mac_only_encrypted":true,"age":[{"enc":"a\\nb"}],"x":null}';

  test('is the member sops of the top, wherever it stands, and no data', () => {
    const source = read(`{"sops":${block},"a":{"sops":1}}`);
    expect(source.metadata).toEqual(
      new Map<string, unknown>([
        ['mac', 'm'],
        ['shamir_threshold', 2],
        ['mac_only_encrypted', true],
        ['age', [new Map([['enc', 'a\nb']])]],
        ['x', null],
      ]),
    );
    expect(meaning(source.tree)).toEqual([{ map: [['a', { map: [['sops', { type: 'int', text: '1' }]] }]] }]);
  });

  test.each([
    ['{"sops":{"a":1},"sops":{"a":1}}', 'there are two entries named sops'],
    ['{"sops":"x"}', 'the entry named sops is no map'],
    ['{"sops":null}', 'the entry named sops is no map'],
    ['{"sops":[]}', 'the entry named sops is no map'],
    ['{"sops":{"mac":"a","mac":"b"}}', 'a field stands there twice'],
  ])('is refused in %s', (text, reason) => {
    expect(problemOf(() => read(text))).toEqual({ code: 'bad-metadata', file: 'x.json', reason });
  });

  test('is none when empty, and then no second one is written', () => {
    const source = read('{"a":1,"sops":{}}');
    expect(source.metadata).toBeNull();
    expect(problemOf(() => json.addMetadata(source, someMetadata()))).toEqual({ code: 'already-encrypted', file: 'x.json' });
  });

  const metadata = new Map<string, unknown>([
    ['age', [new Map([['enc', 'l1\nl2\n']])]],
    ['mac', 'm'],
  ]) as ReturnType<typeof someMetadata>;

  test.each([
    [
      'tabs, as sops writes',
      '{\n\t"a": 1\n}\n',
      '{\n\t"a": 1,\n\t"sops": {\n\t\t"age": [\n\t\t\t{\n\t\t\t\t"enc": "l1\\nl2\\n"\n\t\t\t}\n\t\t],\n\t\t"mac": "m"\n\t}\n}\n',
    ],
    [
      'two spaces, CRLF and no final line end',
      '{\r\n  "a": 1\r\n}',
      '{\r\n  "a": 1,\r\n  "sops": {\r\n    "age": [\r\n      {\r\n        "enc": "l1\\nl2\\n"\r\n      }\r\n    ],\r\n    "mac": "m"\r\n  }\r\n}',
    ],
    ['no indentation', '{\n"a":1\n}\n', '{\n"a":1,\n"sops":{\n"age":[\n{\n"enc":"l1\\nl2\\n"\n}\n],\n"mac":"m"\n}\n}\n'],
    ['one line', '{"a":1,"b":[]}', '{"a":1,"b":[],"sops":{"age":[{"enc":"l1\\nl2\\n"}],"mac":"m"}}'],
    ['one line with spaces', '{ "a": 1 }\n', '{ "a": 1, "sops": {"age": [{"enc": "l1\\nl2\\n"}], "mac": "m"} }\n'],
    [
      'commas first',
      '{ "a": 1\n, "b": 2\n}\n',
      '{ "a": 1\n, "b": 2\n, "sops": {\n\t"age": [\n\t\t{\n\t\t\t"enc": "l1\\nl2\\n"\n\t\t}\n\t],\n\t"mac": "m"\n}\n}\n',
    ],
    [
      'an empty object',
      '{}\n',
      '{\n\t"sops": {\n\t\t"age": [\n\t\t\t{\n\t\t\t\t"enc": "l1\\nl2\\n"\n\t\t\t}\n\t\t],\n\t\t"mac": "m"\n\t}\n}\n',
    ],
    ['an empty object with space in it', '{\n}\n', '{"sops": {"age": [{"enc": "l1\\nl2\\n"}], "mac": "m"}\n}\n'],
  ])('stands at the end in the layout of its neighbours, and goes without a trace: %s', (_, plain, sealed) => {
    const source = read(plain);
    expect(applySplices(plain, json.addMetadata(source, metadata))).toBe(sealed);
    expect(applySplices(sealed, json.removeMetadata(read(sealed)))).toBe(plain);
  });

  test('is taken away wherever sops or others put it', () => {
    const open = (text: string): string => applySplices(text, json.removeMetadata(read(text)));
    expect(open('{\n\t"sops": {"mac": "m"},\n\t"a": 1\n}\n')).toBe('{\n\t"a": 1\n}\n');
    expect(open('{"a":1, "sops": {"mac": "m"} ,"b":2}')).toBe('{"a":1 ,"b":2}');
    expect(open('{\n\t"sops": {\n\t\t"mac": "m"\n\t}\n}\n')).toBe('{}\n');
    expect(open('{"a":1}')).toBe('{"a":1}');
  });

  test('changes only where it differs', () => {
    const text =
      '{\n\t"a": 1,\n\t"sops": {\n\t\t"lastmodified": "old",\n\t\t"mac" : "old",\n\t\t"odd": 1.50,\n\t\t"version": "3.7.0"\n\t}\n}\n';
    const target = new Map<string, unknown>([
      ['lastmodified', 'new'],
      ['mac', 'new'],
      ['odd', 1.5],
      ['sec', new Map([['layout', 'x']])],
      ['version', '3.7.0'],
    ]) as typeof metadata;
    expect(applySplices(text, json.updateMetadata(read(text), target))).toBe(
      '{\n\t"a": 1,\n\t"sops": {\n\t\t"lastmodified": "new",\n\t\t"mac" : "new",\n\t\t"odd": 1.50,\n\t\t"sec": {\n\t\t\t"layout": "x"\n\t\t},\n\t\t"version": "3.7.0"\n\t}\n}\n',
    );
  });

  test('prints a list that differs as a whole, and nothing around it', () => {
    const text = '{\n  "sops": {\n    "kms": null,\n    "age": [\n      {"recipient": "a"}\n    ],\n    "mac": "m"\n  }\n}\n';
    const target = new Map<string, unknown>([
      ['age', [new Map([['recipient', 'a']]), new Map([['recipient', 'b']])]],
      ['mac', 'm'],
    ]) as typeof metadata;
    expect(applySplices(text, json.updateMetadata(read(text), target))).toBe(
      '{\n  "sops": {\n    "age": [\n      {\n        "recipient": "a"\n      },\n      {\n        "recipient": "b"\n      }\n    ],\n    "mac": "m"\n  }\n}\n',
    );
  });
});
