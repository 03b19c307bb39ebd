import { describe, expect, test } from 'vitest';
import { alice, bob, sec, type FileTexts, type SecOptions } from '../helpers/sec.ts';

/** A rule for Alice alone, and a file that is locked for Bob too: somebody has put him there. */
async function strange(text = 'a: b\n'): Promise<FileTexts> {
  const both = `${alice.recipient},${bob.recipient}`;
  const { out } = await sec(['encrypt', '--age', both, 'a.yaml'], { 'a.yaml': text });
  return { 'a.yaml': out, '.secretsrc.yaml': `creation_rules:\n  - age: ${alice.recipient}\n` };
}

const own = { SEC_AGE_KEY: alice.identity };
const refusal = [
  'sec: a.yaml is locked for recipients that creation_rules[0] of .secretsrc.yaml does not name, and they could read what you write',
  `  ${bob.recipient}`,
  'hint: make it as its rule says with: sec updatekeys a.yaml, or let them read it with: --trust-file-recipients',
  '',
].join('\n');

/** A program in place of an editor, which writes a line. */
const editor = { EDITOR: 'sh -c \'echo "c: d" >> "$1"\' sh' };

const writes: readonly (readonly [string, readonly string[], Readonly<Record<string, string>>])[] = [
  ['set', ['set', 'a.yaml', 'a', '"c"'], {}],
  ['unset', ['unset', 'a.yaml', 'a'], {}],
  ['edit', ['edit', 'a.yaml'], editor],
  ['encrypt of a file that is encrypted', ['encrypt', '-i', 'a.yaml'], {}],
  ['encrypt --over', ['encrypt', '--over', 'a.yaml', 'plain.yaml'], {}],
  ['rotate', ['rotate', '-i', 'a.yaml'], {}],
  ['groups add', ['groups', 'add', '-f', 'a.yaml', '-i', '--age', alice.recipient], {}],
];

describe('a file with a recipient that its rule does not name', () => {
  test.each(writes)('is not written by %s', async (_, args, more) => {
    const before = await strange();
    const result = await sec(args, { ...before, 'plain.yaml': 'a: c\n' }, { env: { ...own, ...more } });

    expect({ status: result.status, out: result.out, err: result.err }).toEqual({ status: 1, out: '', err: refusal });
    expect(result.files['a.yaml']).toBe(before['a.yaml']);
  });

  test.each(writes)('is written by %s where somebody trusts it', async (_, args, more) => {
    const files = { ...(await strange()), 'plain.yaml': 'a: c\n' };
    const { status } = await sec([...args, '--trust-file-recipients'], files, { env: { ...own, ...more } });
    expect(status).toBe(0);
  });

  const ways: readonly (readonly [string, FileTexts, Partial<SecOptions>])[] = [
    ['there is no rule for it', { '.secretsrc.yaml': `creation_rules:\n  - path_regex: other\n    age: ${alice.recipient}\n` }, {}],
    ['there are no rules', { '.secretsrc.yaml': 'people: {}\n' }, {}],
    ['the environment names them', {}, { env: { ...own, SOPS_AGE_RECIPIENTS: bob.recipient } }],
    ['it is sops that is called', {}, { as: 'sops' }],
  ];
  test.each(ways)('is written where %s', async (_, files, options) => {
    const { status, err } = await sec(['set', 'a.yaml', '["a"]', '"c"'], { ...(await strange()), ...files }, { env: own, ...options });
    expect({ status, err }).toEqual({ status: 0, err: '' });
  });

  test('is written where its rule names a key of a kind that we have no client for', async () => {
    const rules = `creation_rules:\n  - age: ${alice.recipient},${bob.recipient}\n    hckms: eu-west-101:1234\n`;
    const { status, err } = await sec(['set', 'a.yaml', 'a', '"c"'], { ...(await strange()), '.secretsrc.yaml': rules }, { env: own });
    expect({ status, err }).toEqual({ status: 0, err: '' });
  });

  test('is read all the same', async () => {
    expect(await sec(['decrypt', 'a.yaml'], await strange(), { env: own })).toMatchObject({ status: 0, out: 'a: b\n', err: '' });
  });

  test('is rotated where they are taken out, or somebody puts in another', async () => {
    const files = await strange();
    const carol = 'age1lvyvwawkr0mcnnnncaghunadrqkmuf9e6507x9y920xxpp866cnql7dp2z';
    const { status, err } = await sec(['rotate', '-i', '--rm-age', bob.recipient, '--add-age', carol, 'a.yaml'], files, { env: own });
    expect({ status, err }).toEqual({ status: 0, err: `sec: a.yaml: now locked for ${alice.recipient}, ${carol}\n` });
  });
});

describe('groups delete', () => {
  async function twoGroups(): Promise<FileTexts> {
    const rules = `creation_rules:\n  - shamir_threshold: 2\n    key_groups: [{ age: [${alice.recipient}] }, { age: [${bob.recipient}] }]\n`;
    const { out } = await sec(['encrypt', 'a.yaml'], { 'a.yaml': 'a: b\n', '.secretsrc.yaml': rules });
    return { 'a.yaml': out };
  }
  const env = { SEC_AGE_KEY: `${alice.identity} ${bob.identity}` };
  const args = ['groups', 'delete', '-f', 'a.yaml', '-i', '--shamir-secret-sharing-threshold', '1', '1'];
  const valueIn = (text = ''): string => /^a: (.*)$/m.exec(text)?.[1] ?? '';

  test.each<readonly [string, readonly string[], 'sec' | 'sops', boolean]>([
    ['makes a new data key, since those who are taken out may have kept the old one', args, 'sec', false],
    ['keeps the data key with --keep-data-key', [...args, '--keep-data-key'], 'sec', true],
    ['keeps the data key as sops does', args, 'sops', true],
  ])('%s', async (_, line, as, keeps) => {
    const files = await twoGroups();
    const { status, err, files: after } = await sec(line, files, { env, as });
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(valueIn(after['a.yaml']) === valueIn(String(files['a.yaml']))).toBe(keeps);

    const opened = await sec(['decrypt', 'a.yaml'], { 'a.yaml': after['a.yaml'] ?? '' }, { env: { SEC_AGE_KEY: alice.identity } });
    expect({ status: opened.status, out: opened.out }).toEqual({ status: 0, out: 'a: b\n' });
  });
});
