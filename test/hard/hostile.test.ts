import { expect, test } from 'vitest';

import { block, jsonFile, seal, smallFile } from '../conformance/by-hand.ts';
import type { Fields } from '../conformance/by-hand.ts';
import { alice, sec } from '../helpers/sec.ts';

const env = { SOPS_AGE_KEY: alice.identity };
const many = 100_000;
const nestedJson = `{"a":1,"sops":${'{"x":'.repeat(many)}1${'}'.repeat(many)}}`;
const badMetadata = 'its sops metadata cannot be read';
const small = (change: Readonly<Record<string, string | undefined>>): string => smallFile(change);

/** Sealed files that somebody made to stop whoever opens them: what is said on the first line, and the status. */
const files: readonly (readonly [name: string, file: string, text: () => string, status: number, said: string])[] = [
  ['a deep block in JSON', 'f.json', () => nestedJson, 1, 'f.json is nested more than 500 levels deep'],
  ['a deep block in .env', 'f.env', () => `A=1\nsops_a${'__map_b'.repeat(many)}=1\n`, 1, 'f.env is nested more than 100 levels deep'],
  ['a deep list in .env', 'f.env', () => `A=1\nsops_a${'__list_0'.repeat(many)}=1\n`, 1, 'f.env is nested more than 100 levels deep'],
  [
    'a deep block in INI',
    'f.ini',
    () => `[s]\nk=1\n[sops]\na${'__map_b'.repeat(many)} = 1\n`,
    1,
    'f.ini is nested more than 100 levels deep',
  ],
  ['a list of a billion', 'f.env', () => 'A=1\nsops_age__list_999999999__map_enc=1\n', 1, `f.env: ${badMetadata}: the list age has a gap`],
  [
    'a list of more',
    'f.ini',
    () => `[s]\nk=1\n[sops]\nage__list_${'9'.repeat(40)} = 1\n`,
    1,
    `f.ini: ${badMetadata}: the list age has a gap`,
  ],
  ['a block of aliases', 'f.yaml', () => `a: 1\nsops:\n${bomb()}`, 1, 'f.yaml has more than 400000 values that aliases stand for'],
  [
    'a deep expression',
    'f.json',
    () => small({ encrypted_regex: '('.repeat(many) + ')'.repeat(many), unencrypted_suffix: undefined }),
    1,
    'f.json: not a regular expression (RE2): error parsing regexp: expression nests too deeply',
  ],
  [
    'an expression of a million',
    'f.json',
    () => small({ encrypted_regex: '((a{100}){100}){100}', unencrypted_suffix: undefined }),
    1,
    'f.json: not a regular expression (RE2): error parsing regexp: invalid repeat count: `{100}`',
  ],
  [
    'an expression that takes other engines forever',
    'f.json',
    () => evil(),
    25,
    `f.json: ${'a'.repeat(987)} … ${'a'.repeat(959)} cannot be decrypted: it is not encrypted`,
  ],
  [
    'a time of many digits',
    'f.json',
    () => small({ lastmodified: '9'.repeat(many) }),
    1,
    `f.json: ${badMetadata}: lastmodified is not a time as in 2026-01-02T03:04:05Z`,
  ],
  [
    'a MAC that is no ciphertext',
    'f.json',
    () => small({ mac: `ENC[AES256_GCM,data:${',iv:'.repeat(many)}` }),
    51,
    'f.json was changed without its key: its values do not match its MAC',
  ],
  [
    'a ciphertext that never ends',
    'f.json',
    () => value(`ENC[AES256_GCM,data:${'A'.repeat(many)}`),
    25,
    'f.json: a cannot be decrypted: it is not encrypted',
  ],
  [
    'a ciphertext of commas',
    'f.json',
    () => value(`ENC[AES256_GCM,data:${',iv:'.repeat(many)}]`),
    25,
    'f.json: a cannot be decrypted: it is not encrypted',
  ],
  ['a ciphertext of ciphertexts', 'f.json', () => value('ENC['.repeat(many)), 25, 'f.json: a cannot be decrypted: it is not encrypted'],
  [
    'no tag',
    'f.json',
    () => value(seal('x', 'str', 'a:').replace(/tag:[^,]*/, 'tag:AA==')),
    25,
    'f.json: a cannot be decrypted: its tag is too short',
  ],
  [
    'no nonce',
    'f.json',
    () => value(seal('x', 'str', 'a:').replace(/iv:[^,]*/, 'iv:====')),
    25,
    'f.json: a cannot be decrypted: its iv is not base64',
  ],
  ['a huge wrapped key', 'f.json', () => wrapped('A'.repeat(10_000_000)), 128, 'none of your keys opens f.json'],
  ['a wrapped key that is none', 'f.json', () => wrapped('x'), 128, 'none of your keys opens f.json'],
  ['300 groups', 'f.json', () => groups(300), 128, 'none of your keys opens f.json'],
];

test.each(files)('ends at once, and says why: %s', async (...[, file, text, status, said]) => {
  const ended = await sec(['decrypt', file], { [file]: text() }, { env });
  expect({ status: ended.status, out: ended.out, said: ended.err.split('\n')[0] }).toEqual({ status, out: '', said: `sec: ${said}` });
});

test('2,000 recipients, of which one is Alice', async () => {
  const age = [...Array.from({ length: 2000 }, () => ({ recipient: 'age1nobody', enc: 'x' })), ...ageOf(block(['x']))];
  const { status, out } = await sec(['decrypt', 'f.json'], { 'f.json': smallFile({ age }) }, { env });
  expect({ status, out }).toEqual({ status: 0, out: '{\n\t"a": "x"\n}\n' });
});

/** Arguments of any length: the command, the status, and the first and the last words of what is said. */
const commands: readonly (readonly [name: string, args: readonly string[], status: number, said: RegExp])[] = [
  [
    'a dotted path to get',
    ['get', 'f.json', `${'a.'.repeat(many)}b`],
    91,
    /^sec: not a path to a value: a\.a\..* it has more than 500 steps$/,
  ],
  ['positions to get', ['get', 'f.json', '[0]'.repeat(many)], 91, /^sec: not a path to a value: \[0\].* it has more than 500 steps$/],
  [
    'a path to set',
    ['set', 'f.json', `${'a.'.repeat(many)}b`, '1'],
    7,
    /^sec: not a path to a value: a\.a\..* it has more than 500 steps$/,
  ],
  ['a path to unset', ['unset', 'f.json', '["a"]'.repeat(many)], 7, /^sec: not a path to a value: \["a"\].* it has more than 500 steps$/],
  [
    'a path to extract',
    ['decrypt', '--extract', '["a"]'.repeat(many), 'f.json'],
    91,
    /^sec: not a path to a value: .* it has more than 500 steps$/,
  ],
  [
    'a position beyond all',
    ['set', 'f.json', `a[${'9'.repeat(20)}]`, '1'],
    7,
    /^sec: not a path to a value: a\[9+\]: a position is too large$/,
  ],
  [
    'a deep value',
    ['set', 'f.json', 'b', '['.repeat(many) + ']'.repeat(many)],
    7,
    /^sec: the value cannot be used: it is nested more than 500 levels deep$/,
  ],
  [
    'a value that never ends',
    ['set', 'f.json', 'b', '{"a":'.repeat(100)],
    7,
    /^sec: the value cannot be used: it is not JSON: a text needs double quotes$/,
  ],
];

test.each(commands)('refuses %s', async (_, args, status, said) => {
  const text = smallFile();
  const ended = await sec(args, { 'f.json': text }, { env });
  const [first = ''] = ended.err.split('\n');
  expect({ status: ended.status, out: ended.out, file: ended.files['f.json'] }).toEqual({ status, out: '', file: text });
  expect(first.length).toBeLessThan(2100);
  expect(first).toMatch(said);
});

test.each([
  ['ls', 'f.json', () => nestedJson],
  ['filestatus', 'f.yaml', () => '{a: '.repeat(many)],
  ['filestatus', 'f.env', () => `A=1\nsops_a${'__map_b'.repeat(many)}=1\n`],
])('needs no key to refuse: %s %s', async (command, file, text) => {
  const { status, out, err } = await sec([command, file], { [file]: text() });
  expect({ status, out, isOneLine: /^sec: [^\n]* is nested more than \d+ levels deep\n$/.test(err) }).toEqual({
    status: 1,
    out: '',
    isOneLine: true,
  });
});

function value(a: string): string {
  return jsonFile({ a }, block(['x']));
}

function evil(): string {
  return jsonFile({ ['a'.repeat(50_000)]: 'x' }, block(['x'], { encrypted_regex: '(a*)*$', unencrypted_suffix: undefined }));
}

function wrapped(base64: string): string {
  const enc = `-----BEGIN AGE ENCRYPTED FILE-----\n${base64}\n-----END AGE ENCRYPTED FILE-----\n`;
  return smallFile({ age: [{ recipient: alice.recipient, enc }] });
}

function groups(count: number): string {
  const age = ageOf(block(['x']));
  return smallFile({ age: undefined, key_groups: Array.from({ length: count }, () => ({ age })), shamir_threshold: 2 });
}

function ageOf({ age }: Fields): readonly Fields[] {
  return Array.isArray(age) ? (age as readonly Fields[]) : [];
}

function bomb(): string {
  return `  a0: &a0 [x, x]\n${Array.from({ length: 40 }, (_, at) => `  a${at + 1}: &a${at + 1} [*a${at}, *a${at}]\n`).join('')}`;
}
