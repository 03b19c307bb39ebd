import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startFakeAzure, type FakeAzure } from '../helpers/fake-azure.ts';
import { expectExchange, lockedFolder, opened, secretIn, withOtherEnc, type LockedFolder } from '../helpers/locked-folder.ts';
import { need } from '../helpers/need.ts';
import type { Sops } from '../helpers/sops-folder.ts';

const releases: readonly Sops[] = ['sops-3.12.2', 'sops-3.13.3'];
const team = 'https://team.vault.azure.net';

describe.skipIf(!need(...releases))('the real sops and we, before the same server with the protocol of Key Vault', () => {
  let azure: FakeAzure;
  let key: string;
  let other: string;
  beforeAll(async () => {
    azure = await startFakeAzure();
    key = azure.makeKey('app');
    other = azure.makeKey('other');
    azure.tokens.set('writes', ['get', 'encrypt']).set('reads', ['decrypt']);
  });
  afterAll(() => azure.stop());

  const folder = (env: Readonly<Record<string, string>> = {}): LockedFolder => lockedFolder({ ...azure.env, ...env });

  describe.each(releases)('%s', (release) => {
    test('reads what we lock, and we read what it locks', async () => {
      const here = folder();
      await expectExchange(here, release, {
        yaml: ['--azure-kv', key],
        json: ['--azure-kv', `${key},${other}`],
        env: ['--azure-kv', `${team}/keys/app`],
      });
    });

    test('refuses with us another key, a changed data key, a key that is gone, and a token that may not', async () => {
      const here = folder();
      const locked = await here.lock(['--azure-kv', key]);
      const cases = [
        [
          locked.replace('name: app', 'name: other'),
          {},
          'damaged in the file: the encrypted data key does not fit the key',
          'try: see who changed its entry with: git log -p',
        ],
        [
          withOtherEnc(locked),
          {},
          'damaged in the file: the encrypted data key does not fit the key',
          'try: see who changed its entry with: git log -p',
        ],
        [
          locked.replace('name: app', 'name: gone'),
          {},
          `out of reach: ${team} has no key gone of that version`,
          'try: az keyvault key list-versions --vault-name team --name gone',
        ],
        [
          locked,
          { IDENTITY_HEADER: 'writes' },
          `refused: the managed identity of this machine is not allowed to decrypt with keys of ${team}`,
          'try: az role assignment create --role "Key Vault Crypto User" --assignee WHO --scope ID-OF-THE-KEY',
        ],
      ] as const;
      for (const [text, env, reason, help] of cases) {
        here.write('locked.yaml', text);

        expect(await here.sops(release, ['decrypt', 'locked.yaml'], env)).toMatchObject({ status: 128, out: '' });
        expect(await here.why(env)).toEqual([reason, help]);
      }
    });

    test('reads groups of a rule that we lock, and we read those that it locks', async () => {
      const here = folder();
      const group = (name: string): object => ({ azure_keyvault: [{ vaultUrl: `${team}/`, key: name }] });
      here.write('config.json', JSON.stringify({ creation_rules: [{ shamir_threshold: 2, key_groups: [group('app'), group('other')] }] }));
      await here.lock(['--config', 'config.json']);
      const theirs = await here.sops(release, ['--config', 'config.json', 'encrypt', 'plain.yaml']);
      here.write('theirs.yaml', theirs.out);

      expect((await here.sops(release, ['decrypt', 'locked.yaml'])).status).toBe(0);
      expect((await here.sec(['decrypt', '--extract', secretIn.yaml, 'theirs.yaml'])).out).toBe('hunter2');
    });
  });

  test.each<readonly [string, readonly string[]]>([
    ['the flag', ['encrypt', '--azure-kv', 'KEY', '--output', 'locked.yaml', 'plain.yaml']],
    ['the variable', ['encrypt', '--output', 'locked.yaml', 'plain.yaml']],
    ['a rule', ['--config', 'rule.json', 'encrypt', '--output', 'locked.yaml', 'plain.yaml']],
    ['a group of a rule', ['--config', 'group.json', 'encrypt', '--output', 'locked.yaml', 'plain.yaml']],
    ['a key that is added', ['rotate', '-i', '--add-azure-kv', 'OTHER', 'locked.yaml']],
    ['a key that is taken out', ['rotate', '-i', '--rm-azure-kv', 'OTHER', 'both.yaml']],
    ['a group that is added', ['groups', 'add', '-f', 'locked.yaml', '-i', '--azure-kv', 'OTHER']],
    ['a rule for a file', ['--config', 'rule.json', 'updatekeys', '-y', 'both.yaml']],
    ['a key that is not there', ['encrypt', '--azure-kv', `${team}/keys/gone/1`, '--output', 'locked.yaml', 'plain.yaml']],
    ['what is no key', ['encrypt', '--azure-kv', 'https://team.vault.azure.net/secrets/app', '--output', 'locked.yaml', 'plain.yaml']],
  ])('the same line does the same to a file, by the real sops and by us under its name: %s', async (name, line) => {
    const done = await Promise.all(
      (['theirs', 'ours'] as const).map(async (side) => {
        const here = folder({
          SEC_AS: side === 'ours' ? 'sops' : '',
          ...(name === 'the variable' ? { SOPS_AZURE_KEYVAULT_URLS: key } : {}),
        });
        const [vaultUrl, app = '', version = ''] = [team, ...key.split('/').slice(-2)];
        here.write('rule.json', JSON.stringify({ creation_rules: [{ azure_keyvault: key }] }));
        here.write(
          'group.json',
          JSON.stringify({ creation_rules: [{ key_groups: [{ azure_keyvault: [{ vaultUrl, key: app, version }] }] }] }),
        );
        here.write('locked.yaml', (await here.sops('sops-3.13.3', ['encrypt', '--azure-kv', key, 'plain.yaml'])).out);
        here.write('both.yaml', (await here.sops('sops-3.13.3', ['encrypt', '--azure-kv', `${key},${other}`, 'plain.yaml'])).out);
        const args = line.map((word) => word.replace('KEY', key).replace('OTHER', other));
        const { status } = side === 'ours' ? await here.sec(args) : await here.sops('sops-3.13.3', args);
        return {
          status,
          keys: ['locked.yaml', 'both.yaml'].map((file) => keysIn(readFileSync(here.at(file), 'utf8'))),
          opens: await openedAll(here),
        };
      }),
    );

    expect(done[1]).toEqual(done[0]);
    expect(done[0]?.opens.every(({ out }) => out === 'hunter2')).toBe(true);
  });

  test('a key without a version is the newest one, and is the same in a rule and in a file', async () => {
    const here = folder();
    const first = azure.makeKey('rolled');
    here.write('.secretsrc.yaml', JSON.stringify({ creation_rules: [{ azure_keyvault: `${team}/keys/rolled` }] }));
    await here.lock([]);
    const same = await here.sec(['updatekeys', '-y', 'locked.yaml']);
    const second = azure.makeKey('rolled');
    await here.sec(['updatekeys', '-y', '--keep-data-key', 'locked.yaml']);
    const renewed = await here.sec(['rotate', '-i', '--add-azure-kv', key, '--rm-azure-kv', `${team}/keys/rolled`, 'locked.yaml']);

    expect(same).toEqual({ status: 0, out: '', err: 'sec: locked.yaml: its recipients are those of its rule\n' });
    expect([first, second].map((one) => one.slice(-1))).toEqual(['1', '2']);
    expect(renewed.err).toBe(`sec: locked.yaml: now locked for ${key}\n`);
    expect((await here.sops('sops-3.13.3', ['decrypt', 'locked.yaml'])).status).toBe(0);
  });

  test('recipients come from the variable', async () => {
    const here = folder();
    await here.lock([], { SOPS_AZURE_KEYVAULT_URLS: `${key}, ${other}` });

    expect(await here.sec(['decrypt', 'locked.yaml'])).toEqual(opened);
  });

  test('who may only encrypt locks, and who may only decrypt opens', async () => {
    const here = folder();
    await here.lock(['--azure-kv', key], { IDENTITY_HEADER: 'writes' });

    expect(await here.sec(['decrypt', 'locked.yaml'], { IDENTITY_HEADER: 'reads' })).toEqual(opened);
    expect((await here.sec(['encrypt', '--azure-kv', key, 'plain.yaml'], { IDENTITY_HEADER: 'reads' })).err).toContain(
      `sec: the data key cannot be encrypted for ${key}: the managed identity of this machine is not allowed to encrypt with keys of ${team}\n`,
    );
  });
});

/** Whom a file is locked for, group by group. */
function keysIn(text: string): readonly string[] {
  return [...text.matchAll(/(?:vaultUrl|vault_url|name|version): .*|key_groups|azure_kv:/g)].map(([found]) => found);
}

/** The secret, as the real sops reads it. */
async function openedAll(here: LockedFolder): Promise<readonly { readonly status: number | null; readonly out: string }[]> {
  const files = ['locked.yaml', 'both.yaml'];
  const read = files.map((file) => here.sops('sops-3.13.3', ['decrypt', '--extract', secretIn.yaml, file]));
  return (await Promise.all(read)).map(({ status, out }) => ({ status, out }));
}
