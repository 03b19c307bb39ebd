import { spawnSync } from 'node:child_process';
import { afterAll, describe, expect, test } from 'vitest';
import { age, generateIdentity } from '../../src/keys/age.ts';
import { unlockDataKey, wrapDataKey } from '../../src/keys/unlock.ts';
import { keyWorld } from '../helpers/key-world.ts';
import { need, programPath } from '../helpers/need.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const home = tempFolder();
afterAll(() => home.remove());

interface SealedJson {
  readonly sops: {
    readonly shamir_threshold: number;
    readonly key_groups: readonly { readonly age: readonly { readonly enc: string; readonly recipient: string }[] }[];
  };
}

const people = await Promise.all([1, 2, 3].map(() => generateIdentity(new Date(0))));
const recipients = people.map(({ recipient }) => recipient);

/** The variable with the keys of these people. */
function keysOf(...which: readonly number[]): Readonly<Record<string, string>> {
  return { SOPS_AGE_KEY: which.map((index) => people[index]?.text).join('') };
}

const pairs = [
  [0, 1],
  [0, 2],
  [1, 2],
] as const;

describe.each(['sops-3.12.2', 'sops-3.13.3'] as const)('%s', (sops) => {
  function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): { status: number | null; stdout: string } {
    const options = { cwd: home.path, env: { HOME: home.path, ...env } };
    const { status, stdout } = spawnSync(programPath(sops), ['--disable-version-check', ...args], options);
    return { status, stdout: stdout.toString() };
  }

  function seal(threshold: number): SealedJson {
    const groups = recipients.map((recipient) => ({ age: [recipient] }));
    home.write('config.yaml', JSON.stringify({ creation_rules: [{ shamir_threshold: threshold, key_groups: groups }] }));
    const { stdout } = run(['--config', home.at('config.yaml'), 'encrypt', home.write('plain.json', '{"a": 1}')]);
    return JSON.parse(stdout) as SealedJson;
  }

  test.skipIf(!need(sops))('we join the shares that it made', async () => {
    const { sops: block } = seal(2);
    const groups = block.key_groups.map((group) => ({
      keys: group.age.map((entry) => ({ kind: 'age', fields: new Map(Object.entries(entry)) })),
      stored: new Map(),
    }));
    const lock = { groups, threshold: block.shamir_threshold };
    const open = async (...which: readonly number[]): Promise<Uint8Array> =>
      (await unlockDataKey(lock, keyWorld({ env: keysOf(...which) }), { file: 'a.json', order: null })).dataKey;
    const whole = await open(0, 1, 2);

    expect(whole.length).toBe(32);
    for (const pair of pairs) expect(await open(...pair)).toEqual(whole);
    await expect(open(1)).rejects.toThrow('no-key-opened');
  });

  test.skipIf(!need(sops))('it joins the shares that we make', async () => {
    const sealed = seal(2);
    const entries = sealed.sops.key_groups.map((group) => ({
      keys: group.age.map((entry) => ({ kind: 'age', fields: new Map(Object.entries(entry)) })),
      stored: new Map(),
    }));
    const env = keysOf(0, 1);
    const { dataKey } = await unlockDataKey({ groups: entries, threshold: 2 }, keyWorld({ env }), { file: 'a.json', order: null });
    const groups = recipients.map((recipient) => [age().parse(recipient)]);
    const ours = await wrapDataKey({ groups, threshold: 2, dataKey, createdAt: '', file: 'a.json' }, keyWorld());
    const key_groups = ours.groups.map(({ keys }) => ({ age: keys.map(({ fields }) => Object.fromEntries(fields)) }));
    const path = home.write('ours.json', JSON.stringify({ ...sealed, sops: { ...sealed.sops, key_groups } }));

    for (const pair of pairs) expect(run(['decrypt', path], keysOf(...pair))).toEqual({ status: 0, stdout: '{\n\t"a": 1\n}\n' });
    expect(run(['decrypt', path], keysOf(1))).toEqual({ status: 128, stdout: '' });
  });
});
