import { dotenvEdits, iniEdits, jsonEdits, yamlEdits } from './helpers/metadata-edits.ts';
import type { MetadataEdits } from './helpers/metadata-edits.ts';
import { replaced, sealedAt } from './helpers/sealed-texts.ts';

/** What is tampered with, by format. Every value that must not be seen has `secret-` in it, or is 86420. */
export const texts = {
  'f.yaml': [
    'user: secret-1',
    'password: secret-2',
    'list:',
    '    - secret-3',
    '    - secret-4',
    'nested:',
    '    # secret-5',
    '    pin: 86420',
    '    "on": true',
    'plain_unencrypted: open',
    '',
  ].join('\n'),
  'f.json': [
    '{',
    '  "user": "secret-1",',
    '  "password": "secret-2",',
    '  "list": [',
    '    "secret-3",',
    '    "secret-4"',
    '  ],',
    '  "nested": {',
    '    "pin": 86420,',
    '    "on": true',
    '  },',
    '  "plain_unencrypted": "open"',
    '}',
    '',
  ].join('\n'),
  'f.env': 'user=secret-1\npassword=secret-2\n# secret-5\nplain_unencrypted=open\n',
  'f.ini': '[one]\nuser = secret-1\npassword = secret-2\n\n[nested]\n; secret-5\npin = 86420\nplain_unencrypted = open\n',
  'f.txt': 'secret-1\nsecret-2\n',
} as const;

export interface Tampering {
  readonly what: string;
  readonly change: (sealed: string) => string;
  readonly expected: string;
  /** Of the `encrypt` before. */
  readonly flags?: readonly string[];
  /** Of the `decrypt` after. */
  readonly args?: readonly string[];
}

const asItWas = 'opens as it was';

/** Entries of a text whose lines are `key: value`, `"key": "value",`, `key=value` or `key = value`. */
function ofValues(plain: string, line: (key: string, value: string) => string): readonly Tampering[] {
  const lineOf = (sealed: string, key: string): string => new RegExp(`^[ "]*${key}[ "]*[:=].*\n`, 'm').exec(sealed)?.[0] ?? '';
  const user = (sealed: string): string => lineOf(sealed, 'user');
  const retyped = (type: string) => (sealed: string) => {
    const value = sealedAt(sealed, 'user');
    return replaced(sealed, value, value.text.replace('type:str', `type:${type}`));
  };
  return [
    { what: 'is refused with another key for a value', change: (sealed) => sealed.replace('user', 'uzer'), expected: 'status 25' },
    { what: 'is refused without one of its values', change: (sealed) => sealed.replace(user(sealed), ''), expected: 'status 51' },
    {
      what: 'is refused with a value under two keys',
      change: (sealed) => sealed.replace(user(sealed), user(sealed) + user(sealed).replace('user', 'other')),
      expected: 'status 25',
    },
    {
      what: 'is refused with values in another order',
      change: (sealed) => sealed.replace(user(sealed) + lineOf(sealed, 'password'), lineOf(sealed, 'password') + user(sealed)),
      expected: 'status 51',
    },
    {
      what: 'is refused with a plain value in the place of one',
      change: (sealed) => sealed.replace(user(sealed), line('user', 'x')),
      expected: 'status 25',
    },
    {
      what: 'is refused with an empty value in the place of one',
      change: (sealed) => sealed.replace(user(sealed), line('user', '')),
      expected: 'status 51',
    },
    {
      what: 'is refused with a plain value more',
      change: (sealed) => sealed.replace(user(sealed), line('other', 'x') + user(sealed)),
      expected: 'status 25',
    },
    {
      what: 'is refused with an unencrypted value more',
      change: (sealed) => sealed.replace(user(sealed), line('other_unencrypted', 'x') + user(sealed)),
      expected: 'status 51',
    },
    { what: 'is refused with another unencrypted value', change: (sealed) => sealed.replace('open', 'close'), expected: 'status 51' },
    {
      what: 'opens with another unencrypted value where the MAC covers only encrypted ones',
      change: (sealed) => sealed.replace('open', 'close'),
      expected: `opens: ${plain.replace('open', 'close')}`,
      flags: ['--mac-only-encrypted'],
    },
    {
      what: 'is refused with another encrypted value where the MAC covers only those',
      change: (sealed) => sealed.replace(user(sealed), ''),
      expected: 'status 51',
      flags: ['--mac-only-encrypted'],
    },
    { what: 'is refused with a type that the value has not', change: retyped('int'), expected: 'status 25' },
    { what: 'is refused with a type that is not known', change: retyped('text'), expected: 'status 25' },
    {
      what: 'is refused without the data of a value',
      change: (sealed) => sealed.replace(/data:[^,]*/, 'data:'),
      expected: 'status 25',
    },
    {
      // As sops does: nothing behind the bracket is looked at.
      what: 'opens with a text behind a sealed value',
      change: (sealed) => replaced(sealed, sealedAt(sealed, 'user'), `${sealedAt(sealed, 'user').text}x`),
      expected: asItWas,
    },
  ];
}

/** The types are not bound to the values (`sops-format.md` §11.3): what is shown is the value, but as a text. */
function ofTypes(plain: string): readonly Tampering[] {
  return [
    {
      what: 'opens a number as a text where its type says so',
      change: (sealed) => replaced(sealed, sealedAt(sealed, 'pin'), sealedAt(sealed, 'pin').text.replace('type:int', 'type:str')),
      expected: `opens: ${plain.replace('86420', '"86420"')}`,
    },
  ];
}

/** `sops-format.md` §12.3, §22.4. */
function ofMetadata({ set, add, rename, drop }: MetadataEdits): readonly Tampering[] {
  const field =
    (name: string, value: string | null) =>
    (sealed: string): string =>
      set(sealed, name, value);
  return [
    { what: 'is refused without its MAC', change: field('mac', null), expected: 'status 51' },
    { what: 'opens without its MAC if asked to', change: field('mac', null), expected: asItWas, args: ['--ignore-mac'] },
    { what: 'is refused with an empty MAC', change: field('mac', ''), expected: 'status 51' },
    { what: 'is refused with another text for its MAC', change: field('mac', 'x'), expected: 'status 51' },
    { what: 'opens with another text for its MAC if asked to', change: field('mac', 'x'), expected: asItWas, args: ['--ignore-mac'] },
    { what: 'is refused with another date', change: field('lastmodified', '2026-01-02T03:04:06Z'), expected: 'status 51' },
    { what: 'opens with a fraction in its date', change: field('lastmodified', '2026-01-02T03:04:05.123Z'), expected: asItWas },
    { what: 'opens with +00:00 in its date', change: field('lastmodified', '2026-01-02T03:04:05+00:00'), expected: asItWas },
    {
      what: 'is refused with the same time in another zone',
      change: field('lastmodified', '2026-01-02T04:04:05+01:00'),
      expected: 'status 51',
    },
    { what: 'is refused without its date', change: field('lastmodified', null), expected: 'status 1' },
    { what: 'is refused with no date for its date', change: field('lastmodified', 'yesterday'), expected: 'status 1' },
    { what: 'is refused without its version', change: field('version', null), expected: 'status 1' },
    { what: 'is refused with the version 3.7', change: field('version', '3.7'), expected: 'status 1' },
    { what: 'opens with the version v3.7.0', change: field('version', 'v3.7.0'), expected: asItWas },
    { what: 'opens with the version 1.13', change: field('version', '1.13'), expected: asItWas },
    { what: 'opens with the version 9.9.9', change: field('version', '9.9.9'), expected: asItWas },
    { what: 'is refused without its metadata', change: drop, expected: 'status 1' },
    {
      what: 'opens with other capitals in the names of fields',
      change: (sealed) => rename(rename(sealed, 'lastmodified', 'LastModified'), 'mac', 'MAC'),
      expected: asItWas,
    },
    {
      what: 'opens with a field that is not known',
      change: (sealed) => add(sealed, 'attention', '"x"'),
      expected: asItWas,
    },
  ];
}

/** What decides on which values are encrypted. */
function ofSelection({ set, add }: MetadataEdits): readonly Tampering[] {
  return [
    {
      what: 'is refused where a value that is clear should be encrypted',
      change: (sealed) => set(sealed, 'unencrypted_suffix', '_open'),
      expected: 'status 25',
    },
    {
      what: 'is refused where a value that is encrypted should be clear',
      change: (sealed) => add(set(sealed, 'unencrypted_suffix', null), 'unencrypted_regex', '"user|_unencrypted"'),
      expected: 'status 51',
    },
    {
      what: 'opens without a rule, since it names the one of all such files',
      change: (sealed) => set(sealed, 'unencrypted_suffix', null),
      expected: asItWas,
    },
    {
      what: 'is refused where the MAC should cover only encrypted values',
      change: (sealed) => add(sealed, 'mac_only_encrypted', 'true'),
      expected: 'status 51',
    },
    {
      what: 'is refused with two rules of what is encrypted',
      change: (sealed) => add(sealed, 'encrypted_suffix', '"x"'),
      expected: 'status 1',
    },
  ];
}

/** Lists of keys in the layouts of YAML and JSON. */
function ofKeys({ add }: MetadataEdits): readonly Tampering[] {
  return [
    {
      what: 'opens with empty lists of keys',
      change: (sealed) => add(add(add(sealed, 'pgp', 'null'), 'kms', '[]'), 'gcp_kms', '{}'),
      expected: asItWas,
    },
    { what: 'is refused with a text for a list of keys', change: (sealed) => add(sealed, 'hc_vault', '""'), expected: 'status 1' },
  ];
}

/** Nothing but MAC and place tells that a list or a null is not what it was. */
const ofYaml: readonly Tampering[] = [
  { what: 'is refused without an element of a list', change: (sealed) => sealed.replace(/^ +- ENC.*\n/m, ''), expected: 'status 51' },
  { what: 'is refused with an element twice', change: (sealed) => sealed.replace(/^ +- ENC.*\n/m, '$&$&'), expected: 'status 51' },
  {
    what: 'is refused with null in the place of a value',
    change: (sealed) => sealed.replace(/^user: .*/m, 'user: null'),
    expected: 'status 51',
  },
  { what: 'is refused with a value twice', change: (sealed) => sealed.replace(/^user: .*\n/m, '$&$&'), expected: 'status 1' },
  { what: 'is refused with another key above its values', change: (sealed) => sealed.replace('nested', 'nezted'), expected: 'status 25' },
  { what: 'is refused with its block in two documents', change: (sealed) => `${sealed}---\n${sealed}`, expected: 'status 51' },
];

const ofJson: readonly Tampering[] = [
  { what: 'is refused without an element of a list', change: (sealed) => sealed.replace(/^ +"ENC.*\n/m, ''), expected: 'status 51' },
  { what: 'is refused with an element twice', change: (sealed) => sealed.replace(/^ +"ENC.*\n/m, '$&$&'), expected: 'status 51' },
  {
    what: 'is refused with null in the place of a value',
    change: (sealed) => sealed.replace(/"user": ".*"/, '"user": null'),
    expected: 'status 51',
  },
  { what: 'is refused with a value twice', change: (sealed) => sealed.replace(/^ +"user": .*\n/m, '$&$&'), expected: 'status 51' },
  { what: 'is refused with another key above its values', change: (sealed) => sealed.replace('nested', 'nezted'), expected: 'status 25' },
  { what: 'is refused with two blocks', change: (sealed) => sealed.replace('"sops"', '"sops": {}, "sops"'), expected: 'status 1' },
];

const twoSpaces = jsonEdits('  ');

export const tamperings: Readonly<Record<keyof typeof texts, readonly Tampering[]>> = {
  'f.yaml': [
    ...ofValues(texts['f.yaml'], (key, value) => `${key}: "${value}"\n`),
    ...ofTypes(texts['f.yaml']),
    ...ofMetadata(yamlEdits),
    ...ofSelection(yamlEdits),
    ...ofKeys(yamlEdits),
    ...ofYaml,
  ],
  'f.json': [
    ...ofValues(texts['f.json'], (key, value) => `  "${key}": "${value}",\n`),
    ...ofTypes(texts['f.json']),
    ...ofMetadata(twoSpaces),
    ...ofSelection(twoSpaces),
    ...ofKeys(twoSpaces),
    ...ofJson,
  ],
  'f.env': [...ofValues(texts['f.env'], (key, value) => `${key}=${value}\n`), ...ofMetadata(dotenvEdits), ...ofSelection(dotenvEdits)],
  'f.ini': [
    ...ofValues(texts['f.ini'], (key, value) => `${key} = ${value}\n`),
    ...ofMetadata(iniEdits),
    ...ofSelection(iniEdits),
    {
      what: 'is refused with another section around its values',
      change: (sealed) => sealed.replace('[one]', '[on]'),
      expected: 'status 25',
    },
  ],
  'f.txt': ofMetadata(jsonEdits('\t')),
};
