import { describe, expect, test } from 'vitest';
import { readConfig, type Config } from '../../src/config/read.ts';
import type { RecipientSpec } from '../../src/config/recipients.ts';
import { findRule, ruleFor } from '../../src/config/rule.ts';
import { problemOfAsync } from '../helpers/problem.ts';
import { parseYaml } from './parse-yaml.ts';

describe('the rule for a path', () => {
  const paths = rules(`
    - { path_regex: '^sub/.*\\.ya?ml$' }
    - { path_regex: '/abs/' }
    - { path_regex: 'cfg|p/x' }
    - { path_regex: '(?i)UPPER' }
    - { path_regex: '' }`);

  test.each([
    ['/p/sub/a.yaml', 0],
    ['/p/abs/a', 4],
    ['/q/abs/a', 1],
    ['/p/a/cfg/sub/a.yaml', 2],
    ['/p/x', 4],
    ['/pp/x', 2],
    ['/p/upper', 3],
    ['/p/sub/a.json', 4],
  ])('%s is the first that matches the path from the configuration: %i', async (path, index) => {
    expect((await findRule(await paths, path))?.source).toBe(`creation_rules[${index}] of .secretsrc.yaml`);
  });

  test('is missing where none matches', async () => {
    const config = await rules('- path_regex: a');

    expect(await findRule(config, '/p/b')).toBeNull();
    expect(await problemOfAsync(() => ruleFor(config, '/p/b', 'b'))).toEqual({ code: 'no-rule', file: 'b', config: '.secretsrc.yaml' });
    expect(await ruleFor(config, '/p/a', 'a')).toEqual(await findRule(config, '/p/a'));
  });

  test.each([
    ['path_regex', '- path_regex: (?=a)'],
    ['encrypted_regex', '- encrypted_regex: ^(?!x)'],
    ['unencrypted_regex', '- unencrypted_regex: ^(?!x)'],
    ['encrypted_comment_regex', '- encrypted_comment_regex: ^(?!x)'],
    ['unencrypted_comment_regex', '- unencrypted_comment_regex: ^(?!x)'],
  ])('is refused where RE2 refuses its %s', async (key, text) => {
    const config = await rules(text);

    expect(await problemOfAsync(() => findRule(config, '/p/a'))).toMatchObject({
      code: 'bad-expression',
      where: `${key} in creation_rules[0] of .secretsrc.yaml`,
    });
  });

  test('does not ask about expressions behind the one that matches', async () => {
    expect((await findRule(await rules('- path_regex: a\n- path_regex: (?=a)'), '/p/a'))?.source).toBe(
      'creation_rules[0] of .secretsrc.yaml',
    );
  });
});

describe('a rule', () => {
  test('that says nothing locks for nobody', async () => {
    expect(await findRule(await rules('- {}'), '/p/a')).toEqual({
      groups: [[]],
      shamirThreshold: null,
      selector: null,
      macOnlyEncrypted: false,
      source: 'creation_rules[0] of .secretsrc.yaml',
    });
  });

  test('keeps all its settings', async () => {
    const config = await rules('- { shamir_threshold: 2.0, encrypted_regex: ^a, encrypted_suffix: "", mac_only_encrypted: On }');

    expect(await findRule(config, '/p/a')).toMatchObject({
      shamirThreshold: 2,
      selector: { kind: 'encrypted_regex', text: '^a' },
      macOnlyEncrypted: true,
    });
  });

  test.each([
    ['true', true],
    ['True', true],
    ['y', true],
    ['YES', true],
    ['on', true],
    ['false', false],
    ['n', false],
    ['No', false],
    ['OFF', false],
  ])('takes %s for a yes or no, as sops does', async (word, value) => {
    expect((await findRule(await rules(`- mac_only_encrypted: ${word}`), '/p/a'))?.macOnlyEncrypted).toBe(value);
  });
});

describe('recipients without groups', () => {
  test('come in the order of sops, in all their spellings', async () => {
    const specs = await recipients(`
    - hc_vault_transit_uri: http://h/v1/e/keys/k
      azure_keyvault: [https://h/keys/a/v, https://h/keys/b]
      hckms: r:u
      gcp_kms: projects/ p/x
      kms: ' arn:aws:kms:r:1:key/a + arn:aws:iam::1:role/r ,, arn:aws:kms:r:1:key/b'
      pgp: 'AAAA BBBB, 0xCCCCDDDD!'
      age: ['age1a, age1b', ' ssh-ed25519 AAAA me@host ', age1a, '']`);

    expect(specs).toEqual([
      [
        { kind: 'age', text: 'age1a' },
        { kind: 'age', text: 'age1b' },
        { kind: 'age', text: 'ssh-ed25519 AAAA me@host' },
        { kind: 'age', text: 'age1a' },
        { kind: 'pgp', text: 'AAAABBBB' },
        { kind: 'pgp', text: '0xCCCCDDDD!' },
        { kind: 'kms', text: 'arn:aws:kms:r:1:key/a+arn:aws:iam::1:role/r' },
        { kind: 'kms', text: 'arn:aws:kms:r:1:key/b' },
        { kind: 'gcp_kms', text: 'projects/p/x' },
        { kind: 'hckms', text: 'r:u' },
        { kind: 'azure_kv', text: 'https://h/keys/a/v' },
        { kind: 'azure_kv', text: 'https://h/keys/b' },
        { kind: 'hc_vault', text: 'http://h/v1/e/keys/k' },
      ],
    ]);
  });

  test('of AWS have the profile of the rule', async () => {
    const specs = await recipients('- { kms: [arn:aws:kms:r:1:key/a+arn:aws:iam::1:role/r, arn:aws:kms:r:1:key/b], aws_profile: 0123 }');

    expect(specs).toEqual([
      [
        {
          kind: 'kms',
          fields: new Map(Object.entries({ arn: 'arn:aws:kms:r:1:key/a', aws_profile: '0123', role: 'arn:aws:iam::1:role/r' })),
        },
        { kind: 'kms', fields: new Map(Object.entries({ arn: 'arn:aws:kms:r:1:key/b', aws_profile: '0123' })) },
      ],
    ]);
  });

  test('stand where there is an empty list of groups', async () => {
    expect(await recipients('- { key_groups: [], age: age1a }')).toEqual([[{ kind: 'age', text: 'age1a' }]]);
  });

  test('have names for one or several, of the kind that the list holds', async () => {
    const specs = await recipients(
      `- { age: 'alice, age1x', pgp: [alice, bob@example.com], kms: ci }`,
      `people:
  alice: { age: [age1a, age1b], pgp: 11112222 }
  bob@example.com: { pgp: 33334444 }
  ci: { kms: 'arn:aws:kms:r:1:key/a' }`,
    );

    expect(specs).toEqual([
      [
        { kind: 'age', text: 'age1a' },
        { kind: 'age', text: 'age1b' },
        { kind: 'age', text: 'age1x' },
        { kind: 'pgp', text: '11112222' },
        { kind: 'pgp', text: '33334444' },
        { kind: 'kms', text: 'arn:aws:kms:r:1:key/a' },
      ],
    ]);
  });
});

describe('key groups', () => {
  test('hold every kind, merged groups first', async () => {
    const specs = await recipients(`
    - key_groups:
      - hc_vault: [http://h/v1/e/keys/k]
        azure_keyvault: [{ vaultUrl: https://h, key: k, version: v }, { vaultUrl: https://h, key: k }]
        hckms: [{ key_id: 'r:u' }]
        gcp_kms: [{ resource_id: projects/p }]
        kms: [{ arn: 'arn:aws:kms:r:1:key/a+arn:b', role: arn:r, context: { b: 1, a: 'true' }, aws_profile: p }, { arn: 'arn:c' }]
        pgp: [AAAABBBB]
        age: ['age1a,age1b']
        merge:
        - age: age1m
          merge: [{ pgp: CCCCDDDD }]
        - age: [age1n]
      - age: [age1z]`);

    expect(specs).toEqual([
      [
        { kind: 'pgp', text: 'CCCCDDDD' },
        { kind: 'age', text: 'age1m' },
        { kind: 'age', text: 'age1n' },
        { kind: 'age', text: 'age1a' },
        { kind: 'age', text: 'age1b' },
        { kind: 'pgp', text: 'AAAABBBB' },
        {
          kind: 'kms',
          fields: new Map<string, unknown>([
            ['arn', 'arn:aws:kms:r:1:key/a+arn:b'],
            ['aws_profile', 'p'],
            [
              'context',
              new Map([
                ['a', 'true'],
                ['b', '1'],
              ]),
            ],
            ['role', 'arn:r'],
          ]),
        },
        {
          kind: 'kms',
          fields: new Map([
            ['arn', 'arn:c'],
            ['aws_profile', ''],
          ]),
        },
        { kind: 'gcp_kms', text: 'projects/p' },
        { kind: 'hckms', text: 'r:u' },
        { kind: 'azure_kv', text: 'https://h/keys/k/v' },
        { kind: 'azure_kv', text: 'https://h/keys/k' },
        { kind: 'hc_vault', text: 'http://h/v1/e/keys/k' },
      ],
      [{ kind: 'age', text: 'age1z' }],
    ]);
  });

  test('hold each recipient once, the first of them', async () => {
    const specs = await recipients(
      `
    - key_groups:
      - merge: [{ age: [age1b], kms: [{ arn: 'arn:a', context: { x: y } }] }]
        age: [age1a, 'age1b,age1a', alice]
        kms: [{ arn: 'arn:a', context: { x: z } }, { arn: ' arn:a', context: { x: y } }]`,
      'people: { alice: { age: age1a } }',
    );

    expect(specs).toEqual([
      [
        { kind: 'age', text: 'age1b' },
        { kind: 'kms', fields: kms('y') },
        { kind: 'age', text: 'age1a' },
        { kind: 'kms', fields: kms('z') },
      ],
    ]);
  });

  function kms(x: string): ReadonlyMap<string, unknown> {
    return new Map<string, unknown>([
      ['arn', 'arn:a'],
      ['aws_profile', ''],
      ['context', new Map([['x', x]])],
    ]);
  }
});

async function rules(list: string, rest = ''): Promise<Config> {
  const text = `creation_rules:\n${list}\n${rest}`;
  return readConfig(text, { file: '/p/.secretsrc.yaml', name: '.secretsrc.yaml', dialect: 'sec' }, parseYaml);
}

async function recipients(list: string, rest = ''): Promise<readonly (readonly RecipientSpec[])[] | undefined> {
  return (await findRule(await rules(list, rest), '/p/a'))?.groups;
}
