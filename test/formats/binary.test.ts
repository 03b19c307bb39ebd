import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { ValueCipher } from '../../src/core/cipher.ts';
import { SealMemory } from '../../src/core/memory.ts';
import { compileSelector, defaultSelector } from '../../src/core/selection.ts';
import { applySplices } from '../../src/core/tree.ts';
import type { Node } from '../../src/core/tree.ts';
import { binary } from '../../src/formats/binary.ts';
import type { BinarySource } from '../../src/formats/binary-read.ts';
import { maxWholeBytes } from '../../src/formats/limits.ts';
import { openText } from '../../src/secret-text-open.ts';
import { sealText } from '../../src/secret-text-seal.ts';
import { encOf, someMetadata } from '../helpers/fake-seal.ts';
import { toMap } from '../helpers/meta.ts';
import { leaf, map, str, treeOf } from '../helpers/nodes.ts';
import { problemOf } from '../helpers/problem.ts';

const options = { file: 'x.bin', indent: null };
const bytes = (chars: string): Buffer => Buffer.from(chars, 'latin1');
const read = (chars: string): BinarySource => binary.read(bytes(chars), 'x.bin');
const dataOf = (source: BinarySource): Node | undefined => {
  const [entry] = source.tree.documents[0]?.items ?? [];
  return entry?.kind === 'entry' ? entry.value : undefined;
};
const block = toMap({ mac: 'x', version: '3.13.3' });
const enc = encOf({ type: 'str', text: 'plain' });
/** A sealed file as sops writes it. */
const sealedFile = `{\n\t"data": "${enc}",\n\t"sops": {\n\t\t"mac": "x",\n\t\t"version": "3.13.3"\n\t}\n}\n`;

const textOptions = {
  format: binary,
  file: 'x.bin',
  cipher: new ValueCipher(Buffer.alloc(32, 1)),
  selection: await compileSelector(defaultSelector, 'x.bin'),
  macOnlyEncrypted: false,
};

function sealed(chars: string, memory = new SealMemory()): string {
  const { text, layout } = sealText(read(chars), { ...textOptions, memory, random: (length) => randomBytes(length) });
  expect(layout).toBe(null);
  const source = read(text);
  return applySplices(source.text, binary.addMetadata(source, someMetadata()));
}

test('takes everything but a JSON object with a metadata block for one value', () => {
  const texts = [
    '',
    'text',
    '\u00ff\u00fe\u0000',
    '{"data": "x"}',
    '{"sops": "x"}',
    '{"sops": {}}',
    '{"sops": {"a": 1}',
    '[1]',
    `{"data": "${enc}"}`,
    `"${enc}]"`,
  ];

  for (const chars of texts) {
    const { tree, metadata, text } = read(chars);
    const value = chars === '\u00ff\u00fe\u0000' ? { type: 'bytes', bytes: bytes(chars) } : { type: 'str', text: chars };
    const place = { start: 0, end: chars.length, style: 'file' };
    expect(metadata).toBe(null);
    expect(text).toBe(chars);
    expect(tree.documents).toEqual([
      { kind: 'map', place: null, items: [{ kind: 'entry', key: 'data', keySpan: null, value: { kind: 'leaf', value, place } }] },
    ]);
  }
});

test('reads a sealed file, and writes it as sops does', () => {
  const source = read(sealedFile);

  expect(source.metadata).toEqual(block);
  expect(dataOf(source)).toMatchObject({ kind: 'leaf', value: { type: 'str', text: enc } });
  expect(applySplices(`"${enc}"`, binary.addMetadata(read(`"${enc}"`), block))).toBe(sealedFile);
});

test('sealing and opening gives every file back, byte for byte, and leaves nothing of it in the clear', () => {
  const start = fc.constantFrom('', '{', '{"sops": {"a": 1}}', '"ENC[AES256_GCM,', '\u00ef\u00bb\u00bf');
  const content = fc.tuple(start, fc.uint8Array({ maxLength: 40 })).map(([start, more]) => start + Buffer.from(more).toString('latin1'));

  fc.assert(
    fc.property(content, (chars) => {
      fc.pre(read(chars).metadata === null);
      const source = read(sealed(chars));
      const opened = openText(source, null, textOptions);
      expect(opened.plain()).toBe(chars);
      expect(chars.length > 30 && source.text.includes(chars)).toBe(false);
    }),
    { numRuns: 300 },
  );
});

test('a file that did not change keeps its ciphertext', () => {
  const once = read(sealed('content'));
  const opened = openText(once, null, textOptions);

  expect(sealed('content', opened.memory())).toBe(once.text);
});

test('refuses to seal what is a sealed value already', () => {
  expect(problemOf(() => sealed(`"${enc}"`))).toEqual({
    code: 'cannot-encrypt',
    file: '',
    key: 'data',
    reason: 'it is an encrypted value that lost its metadata',
  });
  expect(problemOf(() => binary.addMetadata(read(sealedFile), block))).toEqual({ code: 'already-encrypted', file: 'x.bin' });
});

test('never adds a block around a value in the clear', () => {
  expect(problemOf(() => binary.addMetadata(read('plain'), block))).toMatchObject({
    code: 'cannot-write',
    reason: 'a whole file is encrypted as one value or not at all',
  });
  expect(binary.addMetadata(read('plain'), new Map())).toEqual([]);
});

test('refuses a damaged sealed file', () => {
  expect(problemOf(() => read(sealedFile.slice(0, -4)))).toMatchObject({ code: 'malformed', file: 'x.bin', format: 'json', line: 6 });
  expect(problemOf(() => read(sealedFile.slice(0, 40)))).toMatchObject({ code: 'malformed', file: 'x.bin', format: 'json', line: 2 });
  expect(problemOf(() => read(sealedFile.replace(/\{\n\t\t[^]*\n\t\}/, '"x"')))).toMatchObject({ code: 'bad-metadata' });
});

test('an empty file is an empty text, which is never sealed', () => {
  const whole = applySplices('', binary.addMetadata(read(''), block));

  expect(whole).toBe(sealedFile.replace(`"${enc}"`, '""'));
  expect(openText(read(whole), null, textOptions).plain()).toBe('');
});

test('gives a value that an old release left in the clear as it is', () => {
  const source = read(sealedFile.replace(enc, 'h\u00c3\u00a9\\n'));

  expect(applySplices(source.text, binary.removeMetadata(source))).toBe('h\u00c3\u00a9\n');
});

test('changes the block and nothing else', () => {
  const source = read(sealedFile.replace('"x"', '"\u00c3\u00a9"'));
  const changed = toMap({ mac: 'y', version: '3.13.3' });

  expect(source.metadata?.get('mac')).toBe('é');
  expect(applySplices(source.text, binary.updateMetadata(source, changed))).toBe(sealedFile.replace('"x"', '"y"'));
  expect(binary.updateMetadata(read(sealedFile), block)).toEqual([]);
  expect(applySplices('', binary.updateMetadata(read(''), block))).toBe(sealedFile.replace(`"${enc}"`, '""'));
});

test('finds its places in bytes, whatever stands before them', () => {
  const source = read(`{"sops": {"mac": "\u00c3\u00a9"}, "data": "${enc}"}`);
  const place = dataOf(source)?.place ?? { start: 0, end: 0 };

  expect(source.text.slice(place.start, place.end)).toBe(`"${enc}"`);
});

test('opens no sealed file that holds something else', () => {
  for (const body of ['"other": "x"', `"data": "${enc}", "more": "x"`, '"data": {"a": "x"}', '"data": 5']) {
    expect(problemOf(() => binary.removeMetadata(read(`{${body}, "sops": {"mac": "x"}}`)))).toEqual({
      code: 'cannot-write',
      file: 'x.bin',
      format: 'binary',
      reason: 'it is no whole file that was encrypted: choose another output type',
    });
  }
});

test('refuses files that are too large, with the limit for plain ones', () => {
  expect(problemOf(() => binary.read(Buffer.alloc(maxWholeBytes + 1), 'x.bin'))).toEqual({
    code: 'too-large',
    file: 'x.bin',
    what: 'bytes',
    limit: maxWholeBytes,
  });
  expect(problemOf(() => binary.read(Buffer.alloc(maxWholeBytes), 'x.bin'))).toBe(null);
  const [head, tail] = enc.split('data:');
  const large = [`"${head}data:`, 'A'.repeat(maxWholeBytes), `${tail}"`].join('');
  expect(problemOf(() => binary.read(bytes(large), 'x.bin'))).toBe(null);
});

test('puts another content, and nothing else', () => {
  const put = (at: readonly (string | number)[], value: Node): string => applySplices('old', binary.put(read('old'), at, value));

  expect(put(['data'], str('né'))).toBe('n\u00c3\u00a9');
  expect(put(['data'], leaf({ type: 'bytes', bytes: bytes('\u00ff') }))).toBe('\u00ff');
  expect(problemOf(() => put(['other'], str('x')))).toMatchObject({ code: 'cannot-write', reason: 'a whole file is one value' });
  expect(problemOf(() => put(['data'], map({})))).toMatchObject({ code: 'cannot-write', reason: 'a whole file is one value' });
  expect(problemOf(() => put(['data'], leaf({ type: 'int', text: '5' })))).toMatchObject({
    code: 'cannot-write',
    reason: 'the content of a file is a text or bytes',
  });
  expect(problemOf(() => binary.drop(read('old'), ['data']))).toMatchObject({ code: 'cannot-write' });
});

test('prints the one value of a tree, and any tree sealed', () => {
  expect(binary.print(treeOf({ data: str('né') }), null, options)).toBe('n\u00c3\u00a9');
  expect(binary.print(treeOf({ data: str(enc) }), block, options)).toBe(sealedFile);
  expect(binary.print(treeOf({ é: str(enc) }), block, options)).toBe(
    sealedFile.replace('data', '\u00c3\u00a9').replace('\u00c3\u00a9:YW', 'data:YW'),
  );
  expect(problemOf(() => binary.print(treeOf({ a: str('x') }), null, options))).toMatchObject({ code: 'cannot-write' });
  expect(problemOf(() => binary.print(treeOf({ data: leaf({ type: 'int', text: '1' }) }), null, options))).toMatchObject({
    code: 'cannot-write',
  });
});

test('prints single values that are texts', () => {
  expect(Buffer.from(binary.printValue(str('é'), options)).toString()).toBe('é');
  expect([...binary.printValue(leaf({ type: 'bytes', bytes: bytes('\u00ff') }), options)]).toEqual([255]);
  expect(problemOf(() => binary.printValue(leaf({ type: 'int', text: '1' }), options))).toMatchObject({ code: 'cannot-write' });
});
