import { expect, test } from 'vitest';

import { applySplices } from '../../src/core/tree.ts';
import { ini } from '../../src/formats/ini.ts';
import type { IniSource } from '../../src/formats/ini-read.ts';
import { openAll, piecesOf, sealAll, someMetadata } from '../helpers/fake-seal.ts';
import { toMap } from '../helpers/meta.ts';
import { problemOf } from '../helpers/problem.ts';

const read = (text: string): IniSource => ini.read(Buffer.from(text, 'latin1'), 'x.ini');

/** The sealed text without its block, with only the types of what is sealed. */
function sealed(text: string): string {
  const whole = read(sealAll(ini, read(text), someMetadata()).text);
  return applySplices(whole.text, ini.removeMetadata(whole)).replaceAll(/ENC\[[^\]]*type:(\w+)\]/g, 'ENC[$1]');
}

test('seals values and comments in their places, and keeps the layout around them', () => {
  const text = [
    '; about s',
    '[s]',
    '; one',
    '',
    '  ; two  ',
    'k      = v',
    "longer : '  sp '  ; behind",
    '  h = `a#b` # not seen by sops',
    '# three',
    'm = """a',
    'b"""  ; behind',
    'empty =',
    'joined = a \\',
    '  b',
    '',
    ';;;;;;',
    '; Banner',
    '[t] ; behind a header',
    '#',
    'k = "x"',
    '; the end',
  ].join('\n');

  expect(sealed(text)).toBe(
    [
      '; ENC[comment]',
      '[s]',
      '; ENC[comment]  ',
      'k      = ENC[str]',
      "longer : 'ENC[str]'  ; ENC[comment]",
      '  h = `ENC[str]` # ENC[comment]',
      '# ENC[comment]',
      'm = ENC[str]  ; ENC[comment]',
      'empty =',
      'joined = ENC[str]',
      '',
      ';;;;;;ENC[comment]',
      '[t]',
      '#',
      'k = "ENC[str]"',
      '; ENC[comment]',
    ].join('\n'),
  );
});

test('gives a comment behind a header a line of its own, since a name goes up to the last bracket', () => {
  const text = 'k = v\r\n  [s]  ; c\r\n';

  expect(sealed(text)).toBe('k = ENC[str]\r\n  ; ENC[comment]\r\n  [s]\r\n');
});

test('opens what is sealed above a clear comment, and leaves that where it is', () => {
  const source = read('; plain\nk = v\n');
  const text = sealAll(ini, source, someMetadata()).text.replace('\nk = ', '\n; by hand\nk = ').replace('; ENC', '; before\n; ENC');

  expect(openAll(ini, read(text), new Map())).toBe('; before\n; plain\n; by hand\nk = v\n');
});

test('tells where a comment may be a part of the value', () => {
  const texts = ['k = a;b', 'k = a ;b', 'k = "a ; b"', 'k = "a" ; b', 'k = #fff', 'k = ; fff', 'k = `a`;b'];
  const risky = texts.filter((text) =>
    piecesOf(read(text).tree).some(({ kind, place }) => kind === 'comment' && place?.clearRisk !== undefined),
  );

  expect(risky).toEqual(['k = a;b', 'k = "a ; b"', 'k = #fff']);
});

test('writes the block as sops does', () => {
  const block = toMap({
    age: [{ enc: 'a\nb\n', recipient: 'age1' }],
    encrypted_regex: '^(a;b)#',
    mac_only_encrypted: true,
    shamir_threshold: 2,
    sec: { layout: 'ENC[x]' },
  });
  const text = applySplices('k = v\r\n', ini.addMetadata(read('k = v\r\n'), block));

  expect(text).toBe(
    [
      'k = v',
      '',
      '[sops]',
      String.raw`age__list_0__map_enc       = a\nb\n`,
      'age__list_0__map_recipient = age1',
      'encrypted_regex            = `^(a;b)#`',
      'mac_only_encrypted         = true',
      'shamir_threshold           = 2',
      'sec__map_layout            = ENC[x]',
      '',
    ].join('\r\n'),
  );
});

test('refuses a field that would be read back as something else', () => {
  const block = toMap({ encrypted_regex: String.raw`a\nb` });

  expect(problemOf(() => ini.addMetadata(read(''), block))).toEqual({
    code: 'bad-metadata',
    file: 'x.ini',
    reason: 'a text with a backslash before an n cannot be written in this format: encrypted_regex',
  });
});

test('changes only the lines of a block that differ', () => {
  const text = '[sops]\n; note\nage__list_0__map_enc = """a\nb"""\nlastmodified         = 1\nmac                  = "2"\n';
  const block = toMap({ age: [{ enc: 'a\nb' }], kms: [{ arn: 'x' }], lastmodified: '3', mac: '4', version: '5' });

  expect(applySplices(text, ini.updateMetadata(read(text), block))).toBe(
    [
      '[sops]',
      '; note',
      'age__list_0__map_enc = """a',
      'b"""',
      'kms__list_0__map_arn = x',
      'lastmodified         = 3',
      'mac                  = "4"',
      'version              = 5',
      '',
    ].join('\n'),
  );
});

test('takes a block away from among other sections', () => {
  const text = 'k = 1\n\n[sops]\nmac = 1\n\n[s]\nj = 2\n';

  expect(applySplices(text, ini.removeMetadata(read(text)))).toBe('k = 1\n\n[s]\nj = 2\n');
  expect(applySplices('[sops]\nmac = 1', ini.removeMetadata(read('[sops]\nmac = 1')))).toBe('');
});
