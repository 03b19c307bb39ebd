import { describe, expect, test } from 'vitest';

import type { MetaMap } from '../../src/core/metadata.ts';
import { applySplices } from '../../src/core/tree.ts';
import { dotenv } from '../../src/formats/dotenv.ts';
import type { DotenvSource } from '../../src/formats/dotenv-read.ts';
import { meaning } from '../helpers/fake-seal.ts';
import { toMap } from '../helpers/meta.ts';
import { problemOf } from '../helpers/problem.ts';

const read = (text: string): DotenvSource => dotenv.read(Buffer.from(text), 'x.env');
const added = (text: string, metadata: MetaMap): string => {
  const source = read(text);
  return applySplices(source.text, dotenv.addMetadata(source, metadata));
};
const removed = (text: string): string => {
  const source = read(text);
  return applySplices(source.text, dotenv.removeMetadata(source));
};
const updated = (text: string, metadata: MetaMap): string => applySplices(text, dotenv.updateMetadata(read(text), metadata));

const metadata = toMap({ age: [{ enc: 'l1\nl2\n', recipient: 'age1a' }], mac: 'm', version: '3.13.3' });
const block = ['sops_age__list_0__map_enc=l1\\nl2\\n', 'sops_age__list_0__map_recipient=age1a', 'sops_mac=m', 'sops_version=3.13.3'];
const crlfMark = 'sops_sec__map_text=crlf';

describe('the metadata block of a .env text', () => {
  test.each([
    ['lines', 'A=1\n', ['A=1', ...block, '']],
    ['no final line end', 'A=1', ['A=1', ...block]],
    ['nothing', '', [...block, '']],
    ['a blank line', '\n', ['', ...block, '']],
    ['CRLF', 'A=1\r\n\r\nB=\r\n', ['A=1', '', 'B=', ...block.slice(0, 3), crlfMark, 'sops_version=3.13.3', '']],
    ['CRLF and no final line end', 'A=1\r\nB=2', ['A=1', 'B=2', ...block.slice(0, 3), crlfMark, 'sops_version=3.13.3']],
    ['mixed line ends', 'A=1\r\nB=2\n', ['A=1\r', 'B=2', ...block, '']],
  ])('stands at the end and goes without a trace: %s', (_, plain, lines) => {
    expect(added(plain, metadata)).toBe(lines.join('\n'));
    expect(removed(lines.join('\n'))).toBe(plain);
  });

  test('is one splice where nothing else has to change, so that an old block can take its place', () => {
    expect(dotenv.addMetadata(read('A=1\n'), metadata)).toHaveLength(1);
  });

  test('keeps a byte order mark away from sops', () => {
    const sealed = added('\uFEFFA=1\r\n', metadata);
    expect(sealed).toBe(['A=1', ...block.slice(0, 3), 'sops_sec__map_text=bom crlf', 'sops_version=3.13.3', ''].join('\n'));
    expect(Buffer.from(dotenv.encode(removed(sealed))).toString()).toBe('\uFEFFA=1\r\n');
  });

  test('is read in any order, from anywhere, and is no data', () => {
    const source = read(`${[...block].reverse().join('\n')}\nA=1\n`);
    expect(meaning(source.tree)).toEqual([{ map: [['A', { type: 'str', text: '1' }]] }]);
    expect(source.metadata).toEqual(toMap({ version: '3.13.3', mac: 'm', age: [{ recipient: 'age1a', enc: 'l1\nl2\n' }] }));
    expect(removed(`sops_mac=m\nA=1\nsops_version=1`)).toBe('A=1');
  });

  test('with eleven recipients goes from nine to ten', () => {
    const many = toMap({ age: Array.from({ length: 11 }, (_, index) => ({ recipient: `r${index}` })) });
    const names = added('', many)
      .split('\n')
      .map((line) => line.split('=')[0]);
    expect(names.slice(8, 11)).toEqual([
      'sops_age__list_8__map_recipient',
      'sops_age__list_9__map_recipient',
      'sops_age__list_10__map_recipient',
    ]);
    expect(read(added('', many)).metadata).toEqual(many);
  });

  test('is there as soon as one key has the prefix', () => {
    expect(read('A=1\nsops_x=1\n').metadata).toEqual(toMap({ x: '1' }));
    expect(read('sops=1\n').metadata).toBeNull();
  });

  test('is refused where it says a thing twice', () => {
    expect(problemOf(() => read('sops_mac=a\nsops_mac=b\n'))?.code).toBe('bad-metadata');
  });

  test('changes only where it differs', () => {
    const text = 'sops_version=3.7.0\nA=1\nsops_mac=old\nsops_kms__list_0__map_arn=k\nsops_lastmodified=old';
    expect(updated(text, toMap({ lastmodified: 'new', mac: 'new', sec: { layout: 'x' }, version: '3.7.0' }))).toBe(
      'sops_version=3.7.0\nA=1\nsops_mac=new\nsops_sec__map_layout=x\nsops_lastmodified=new',
    );
  });

  test('keeps what it knows of the line ends', () => {
    const sealed = added('A=1\r\n', metadata);
    const after = updated(sealed, toMap({ mac: 'n', version: '3.13.3' }));
    expect(after).toBe('A=1\nsops_mac=n\nsops_sec__map_text=crlf\nsops_version=3.13.3\n');
    expect(removed(after)).toBe('A=1\r\n');
  });

  test('is read where something made CRLF of all its line ends', () => {
    const sealed = added('A=1\n', metadata).replaceAll('\n', '\r\n');
    expect(read(sealed).metadata).toEqual(metadata);
    expect(removed(sealed)).toBe('A=1\r\n');
    expect(removed(added('A=1\r\n', metadata).replaceAll('\n', '\r\n'))).toBe('A=1\r\n');
  });
});
