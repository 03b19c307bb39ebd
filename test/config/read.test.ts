import { describe, expect, test } from 'vitest';
import { readConfig, type Config } from '../../src/config/read.ts';
import { findRule } from '../../src/config/rule.ts';
import { problemOfAsync } from '../helpers/problem.ts';
import { parseYaml } from './parse-yaml.ts';

const alice = 'age154qathdx7hn9lvnzjhxenh497qny20w3qedl3kl6mxq6aay5jyasfdpffk';
const bob = 'age1x9cmnj3ywyg93yzmcz7fsthqfe9s4j6s9k5cdluqc984qyxzrp6q2l2k7p';

describe('a configuration', () => {
  test('of all kinds of settings is read', async () => {
    const config = await secConfig(`
creation_rules: []
destination_rules:
  - path_regex: ^prod/
    s3_bucket: b
    recreation_rule: { age: ${alice} }
    omit_extensions: yes
stores: { yaml: { indent: 2 }, json: { indent: -1 }, json_binary: {}, dotenv: {}, ini: }
people:
  alice: { age: ${alice}, pgp: [AA BB, CCDD] }
exec: { files: [secrets.yaml, ../.env] }
keys: { calls: 8 }
audit: { log: on }
`);

    expect(config).toEqual({
      file: '/p/.secretsrc.yaml',
      name: '.secretsrc.yaml',
      folder: '/p',
      rules: [],
      hasRules: true,
      people: new Map([
        [
          'alice',
          [
            { kind: 'age', text: alice },
            { kind: 'pgp', text: 'AABB' },
            { kind: 'pgp', text: 'CCDD' },
          ],
        ],
      ]),
      execFiles: ['/p/secrets.yaml', '/.env'],
      indents: { yaml: 2, json: -1, binary: null },
      keyLimits: { calls: 8, timeout: null },
      auditLog: true,
      destinations: [
        {
          path: '^prod/',
          places: [{ kind: 's3', bucket: 'b', prefix: '' }],
          recreation: expect.any(Function) as () => null,
          omitExtensions: true,
          source: 'destination_rules[0] of .secretsrc.yaml',
        },
      ],
    } satisfies Config);
  });

  test.each([
    ['is empty', ''],
    ['has no value under creation_rules', 'creation_rules:'],
  ])('that %s has no rules', async (_, text) => {
    const { rules, hasRules, execFiles } = await secConfig(text);

    expect({ rules, hasRules, execFiles }).toEqual({ rules: [], hasRules: false, execFiles: [] });
  });
});

describe('a broken .secretsrc.yaml', () => {
  test.each([
    ['- a', 'the whole file must be a map, not a list'],
    ['hi', 'the whole file must be a map, not a text'],
    ['people: &a { b: *a }', 'the whole file must not be nested deeper than 50'],
    ['a: [', 'line 1: Flow sequence in block collection must be sufficiently indented and end with a ]'],
    ['creation_rules: {}', 'creation_rules (line 1) must be a list, not a map'],
    ['creation_rules: [x]', 'creation_rules[0] must be a map, not a text'],
    ['creation_rules: [~]', 'creation_rules[0] must be a map, not nothing'],
    ['creation_rule: []', 'creation_rule (line 1) is not known: did you mean creation_rules'],
    [
      'creation_rules:\n  - age: x\n    encryptd_regex: x',
      'creation_rules[0].encryptd_regex (line 3) is not known: did you mean encrypted_regex',
    ],
    ['secrets: [a]', 'secrets (line 1) is not known: known: creation_rules, destination_rules, stores, people, keys, audit, exec'],
    ['keys: [a]', 'keys (line 1) must be a map, not a list'],
    ['people: { al: { agee: x } }', 'people.al.agee is not known: did you mean age'],
    ['exec: { file: x }', 'exec.file is not known: did you mean files'],
    ['stores: { yaml: { indent: two } }', 'stores.yaml.indent must be a whole number, not a text'],
    ['stores: { yaml: { ident: 2 } }', 'stores.yaml.ident is not known: did you mean indent'],
    ['stores: { dotenv: { indent: 2 } }', 'stores.dotenv.indent is not known: none are known'],
    ['creation_rules: [{ hc_vault: x }]', 'creation_rules[0].hc_vault is not known: did you mean hc_vault_transit_uri'],
    ['creation_rules: [{ age: { x: y } }]', 'creation_rules[0].age must be a text or a list of texts, not a map'],
    ['creation_rules: [{ age: [true] }]', 'creation_rules[0].age must be a text or a list of texts, not a list that holds other things'],
    ['creation_rules: [{ aws_profile: true }]', 'creation_rules[0].aws_profile must be a text, not true or false (quotes make it a text)'],
    ['creation_rules: [{ mac_only_encrypted: 1 }]', 'creation_rules[0].mac_only_encrypted must be true or false, not a text'],
    ['creation_rules: [{ shamir_threshold: 1.5 }]', 'creation_rules[0].shamir_threshold must be a whole number, not a text'],
    [
      'creation_rules:\n- key_groups:\n  - merge: [{ agee: x }]',
      'creation_rules[0].key_groups[0].merge[0].agee is not known: did you mean age',
    ],
    ['creation_rules:\n- key_groups:\n  - kms: [arn:x]', 'creation_rules[0].key_groups[0].kms[0] must be a map, not a text'],
    ['creation_rules:\n- key_groups:\n  - kms: [{ role: x }]', 'creation_rules[0].key_groups[0].kms[0].arn must be a text, not nothing'],
    [
      'creation_rules:\n- encrypted_regex: a\n  encrypted_suffix: b',
      'creation_rules[0] has encrypted_suffix and encrypted_regex, of which it can have one',
    ],
    [
      'creation_rules:\n- age: alice\n  key_groups: [{ age: bob }]',
      'creation_rules[0].age (line 2) counts for nothing beside key_groups: put it into a group',
    ],
    [
      'creation_rules: [{ age: carol }]',
      'creation_rules[0].age holds carol, which is neither a recipient nor a name under people (none are known)',
    ],
    [
      `creation_rules:\n- age: boob\npeople:\n  bob: { age: ${bob} }\n  carol: {}`,
      'creation_rules[0].age (line 2) holds boob, which is neither a recipient nor a name under people (did you mean bob)',
    ],
    [
      `creation_rules:\n- pgp: mallory\npeople:\n  bob: { age: ${bob} }\n  carol: {}`,
      'creation_rules[0].pgp (line 2) holds mallory, which is neither a recipient nor a name under people (known: bob, carol)',
    ],
    [
      `creation_rules:\n- pgp: bob\npeople:\n  bob: { age: ${bob} }`,
      'creation_rules[0].pgp (line 2) names bob, who has no recipient of that kind under people',
    ],
    ['people: { "a,b": {} }', 'people.a,b is no name: it is empty, looks like a recipient, or has a comma or outer spaces'],
    [`people: { ${alice}: {} }`, 'people.(not shown) is no name: it is empty, looks like a recipient, or has a comma or outer spaces'],
  ])('is refused: %j', async (text, reason) => {
    expect(await problemOfAsync(() => secConfig(text))).toEqual({ code: 'bad-config', file: '.secretsrc.yaml', reason });
  });

  const secret = 'AGE-SECRET-KEY-1QQPZRY9X8GF2TVDW0S3JN54KHCE6MUA7LQQPZRY9X8GF2TVDW0';
  const why = 'holds a secret key, not a recipient: take it out, and replace that key if others could read this file';

  test.each([
    [`creation_rules: [{ age: ${secret} }]`, `creation_rules[0].age ${why}`],
    [`creation_rules: [{ age: "${alice}, ${secret.toLowerCase()}" }]`, `creation_rules[0].age ${why}`],
    [`creation_rules: [{ key_groups: [{ age: [${secret}] }] }]`, `creation_rules[0].key_groups[0].age ${why}`],
    ['creation_rules: [{ pgp: "-----BEGIN PGP PRIVATE KEY BLOCK----- x" }]', `creation_rules[0].pgp ${why}`],
    [`people: { alice: { age: ${secret} } }`, `people.alice.age ${why}`],
    [`people: { ${secret}: {} }`, 'people.(not shown) is no name: it is empty, looks like a recipient, or has a comma or outer spaces'],
    [`${secret}: x`, '(not shown) is not known: known: creation_rules, destination_rules, stores, people, keys, audit, exec'],
  ])('does not show a secret key: %j', async (text, reason) => {
    expect(await problemOfAsync(() => secConfig(text))).toEqual({ code: 'bad-config', file: '.secretsrc.yaml', reason });
  });
});

describe('.sops.yaml', () => {
  test('may have keys that nobody knows, also ours', async () => {
    const config = await sopsConfig(`keys: [&a ${alice}]\npeople: 3\nexec: []\ncreation_rules: [{ age: *a, owner: me }]`);

    expect((await findRule(config, '/p/x'))?.groups).toEqual([[{ kind: 'age', text: alice }]]);
  });

  test('has no names', async () => {
    const config = await sopsConfig('creation_rules: [{ age: bob, pgp: Alice B }]');

    expect((await findRule(config, '/p/x'))?.groups).toEqual([
      [
        { kind: 'age', text: 'bob' },
        { kind: 'pgp', text: 'AliceB' },
      ],
    ]);
  });

  test('may have a broken rule, as long as no file needs it', async () => {
    const config = await sopsConfig('creation_rules: [{ path_regex: x, encrypted_regex: a, encrypted_suffix: b }, {}]');

    expect((await findRule(config, '/p/y'))?.source).toBe('creation_rules[1] of .sops.yaml');
    expect(await problemOfAsync(() => findRule(config, '/p/x'))).toEqual({
      code: 'bad-config',
      file: '.sops.yaml',
      reason: 'creation_rules[0] has encrypted_suffix and encrypted_regex, of which it can have one',
    });
  });

  test('is refused where a value has the wrong type', async () => {
    expect(await problemOfAsync(() => sopsConfig('stores: { ini: 3 }'))).toEqual({
      code: 'bad-config',
      file: '.sops.yaml',
      reason: 'stores.ini must be a map, not a text',
    });
  });
});

async function secConfig(text: string): Promise<Config> {
  return readConfig(text, { file: '/p/.secretsrc.yaml', name: '.secretsrc.yaml', dialect: 'sec' }, parseYaml);
}

async function sopsConfig(text: string): Promise<Config> {
  return readConfig(text, { file: '/p/.sops.yaml', name: '.sops.yaml', dialect: 'sops' }, parseYaml);
}
