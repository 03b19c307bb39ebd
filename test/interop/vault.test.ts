import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectExchange, lockedFolder, opened, secretIn, withOtherEnc, type LockedFolder } from '../helpers/locked-folder.ts';
import { need } from '../helpers/need.ts';
import { startOpenBao, type OpenBao } from '../helpers/openbao.ts';
import type { Sops } from '../helpers/sops-folder.ts';

const releases: readonly Sops[] = ['sops-3.12.2', 'sops-3.13.3'];

describe.skipIf(!need('openbao-2.7.2', ...releases))('the real sops and we, before the same OpenBao', () => {
  let bao: OpenBao;
  let key: string;
  let deep: string;
  beforeAll(async () => {
    bao = await startOpenBao();
    await bao.call('PUT', 'sys/mounts/team/web/transit', { type: 'transit' });
    key = await bao.makeKey('app');
    deep = await bao.makeKey('app', 'team/web/transit');
  });
  afterAll(() => bao.stop());
  const folder = (env: Readonly<Record<string, string>> = {}): LockedFolder =>
    lockedFolder({ VAULT_ADDR: bao.url, VAULT_TOKEN: bao.root, ...env });

  describe.each(releases)('%s', (release) => {
    test.each<readonly [string, () => readonly string[]]>([
      ['a key', () => ['--hc-vault-transit', key]],
      ['a key of an engine at a longer path', () => ['--hc-vault-transit', deep]],
      ['two keys', () => ['--hc-vault-transit', `${key},${deep}`]],
    ])('reads what we lock for %s, and we read what it locks', async (_, args) => {
      const here = folder();
      await expectExchange(here, release, { yaml: args(), json: args(), env: args() });
    });

    test('refuses with us another key, a changed data key, and a token that may not', async () => {
      const here = folder();
      const locked = await here.lock(['--hc-vault-transit', key]);
      await bao.makeKey('other');
      const mayNot = { VAULT_TOKEN: await bao.makeToken({ 'transit/encrypt/app': ['update'] }) };
      const cases = [
        [locked.replace('key_name: app', 'key_name: other'), {}, 'damaged in the file: the encrypted data key does not fit the key'],
        [locked.replace('key_name: app', 'key_name: gone'), {}, 'out of reach: there is no key gone in transit'],
        [withOtherEnc(locked), {}, 'damaged in the file: the encrypted data key does not fit the key'],
        [locked, mayNot, 'refused: the token of VAULT_TOKEN is not allowed update on transit/decrypt/app'],
      ] as const;
      for (const [text, env, reason] of cases) {
        here.write('locked.yaml', text);

        expect(await here.sops(release, ['decrypt', 'locked.yaml'], env)).toMatchObject({ status: 128, out: '' });
        expect((await here.why(env))[0]).toBe(reason);
      }
    });

    test('reads groups of a rule that we lock, and we read those that it locks', async () => {
      const here = folder();
      const rule = { shamir_threshold: 2, key_groups: [{ hc_vault: [key] }, { hc_vault: [deep] }] };
      here.write('config.json', JSON.stringify({ creation_rules: [rule] }));
      await here.lock(['--config', 'config.json']);
      const theirs = await here.sops(release, ['--config', 'config.json', 'encrypt', 'plain.yaml']);
      here.write('theirs.yaml', theirs.out);

      expect((await here.sops(release, ['decrypt', 'locked.yaml'])).status).toBe(0);
      expect((await here.sec(['decrypt', '--extract', secretIn.yaml, 'theirs.yaml'])).out).toBe('hunter2');
    });
  });

  test('sops 3.13 and we take and refuse the same servers by SOPS_HC_VAULT_ALLOWLIST', async () => {
    const here = folder();
    await here.lock(['--hc-vault-transit', key]);
    const lists = [
      'all',
      bao.url,
      `${bao.url}/`,
      `https://a, ${bao.url}`,
      'http://',
      'none',
      `${bao.url}/v1`,
      bao.url.slice(0, -1),
      'https://a,all',
    ];
    for (const [i, SOPS_HC_VAULT_ALLOWLIST] of lists.entries()) {
      const status = i < 5 ? 0 : 128;
      for (const ended of [
        here.sec(['decrypt', 'locked.yaml'], { SOPS_HC_VAULT_ALLOWLIST }),
        here.sops('sops-3.13.3', ['decrypt', 'locked.yaml'], { SOPS_HC_VAULT_ALLOWLIST }),
      ])
        expect([SOPS_HC_VAULT_ALLOWLIST, (await ended).status]).toEqual([SOPS_HC_VAULT_ALLOWLIST, status]);
    }
    const refused = await here.sec(['encrypt', '--hc-vault-transit', key, 'plain.yaml'], { SOPS_HC_VAULT_ALLOWLIST: 'none' });
    expect(refused.err).toBe(
      [
        `sec: the data key cannot be encrypted for ${key}: nothing is sent to ${bao.url}: SOPS_HC_VAULT_ALLOWLIST does not name it`,
        `hint: if you know that server: export SOPS_HC_VAULT_ALLOWLIST=${bao.url}`,
        '',
      ].join('\n'),
    );
  });

  test('recipients come from the variable and from a rule, are added, and are taken out', async () => {
    const here = folder();
    await here.lock([], { SOPS_VAULT_URIS: deep });
    here.write('.secretsrc.yaml', JSON.stringify({ creation_rules: [{ hc_vault_transit_uri: key }] }));

    expect((await here.sec(['updatekeys', '-y', 'locked.yaml'])).status).toBe(0);
    expect(await here.sec(['decrypt', 'locked.yaml'])).toEqual(opened);
    expect((await here.sec(['rotate', '-i', '--add-hc-vault-transit', deep, '--rm-hc-vault-transit', key, 'locked.yaml'])).err).toBe(
      `sec: locked.yaml: now locked for ${deep}\n`,
    );
    expect((await here.sops('sops-3.13.3', ['decrypt', 'locked.yaml'])).status).toBe(0);
  });

  test('an older version of a key opens, until Vault decrypts it no more', async () => {
    const here = folder();
    const old = await bao.makeKey('old');
    await here.lock(['--hc-vault-transit', old]);
    await bao.call('PUT', 'transit/keys/old/rotate');

    expect(await here.sec(['decrypt', 'locked.yaml'])).toEqual(opened);
    await bao.call('PUT', 'transit/keys/old/config', { min_decryption_version: 2 });
    expect(await here.why()).toEqual([
      'refused: old decrypts no more what its old versions encrypted',
      'try: see min_decryption_version: vault read transit/keys/old',
    ]);
  });

  test('a namespace is asked for by VAULT_NAMESPACE, as sops does it', async () => {
    const here = folder({ VAULT_NAMESPACE: 'team1' });
    await bao.call('PUT', 'sys/namespaces/team1');
    await bao.call('PUT', 'sys/mounts/transit', { type: 'transit' }, 'team1');
    await bao.call('PUT', 'transit/keys/inner', {}, 'team1');
    await here.lock(['--hc-vault-transit', `${bao.url}/v1/transit/keys/inner`]);

    for (const release of releases) expect((await here.sops(release, ['decrypt', 'locked.yaml'])).status).toBe(0);
    expect(await here.sec(['decrypt', 'locked.yaml'])).toEqual(opened);
    expect(await here.why({ VAULT_NAMESPACE: '' })).toEqual([
      'out of reach: there is no key inner in transit',
      'try: vault list transit/keys',
    ]);
    expect(await here.why({ VAULT_NAMESPACE: 'team2' })).toEqual([
      `out of reach: ${bao.url} has no namespace team2`,
      'try: check VAULT_NAMESPACE: echo "$VAULT_NAMESPACE"',
    ]);
  });
});
