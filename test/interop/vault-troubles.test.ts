import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { faultProxy } from '../helpers/fault-proxy.ts';
import { lockedFolder, opened, type LockedFolder } from '../helpers/locked-folder.ts';
import { need } from '../helpers/need.ts';
import { startOpenBao, type OpenBao } from '../helpers/openbao.ts';

describe.skipIf(!need('openbao-2.7.2'))('before OpenBao', () => {
  let bao: OpenBao;
  let key: string;
  beforeAll(async () => {
    bao = await startOpenBao();
    key = await bao.makeKey('app');
  });
  afterAll(() => bao.stop());
  const folder = (env: Readonly<Record<string, string>> = {}): LockedFolder =>
    lockedFolder({ VAULT_ADDR: bao.url, VAULT_TOKEN: bao.root, ...env });

  describe('a token', () => {
    test('may only encrypt, or only decrypt', async () => {
      const here = folder();
      const writes = { VAULT_TOKEN: await bao.makeToken({ 'transit/encrypt/app': ['update'] }) };
      const reads = { VAULT_TOKEN: await bao.makeToken({ 'transit/decrypt/app': ['update'] }) };
      await here.lock(['--hc-vault-transit', key], writes);

      expect(await here.sec(['decrypt', 'locked.yaml'], reads)).toEqual(opened);
      expect((await here.sec(['encrypt', '--hc-vault-transit', key, 'plain.yaml'], reads)).err).toBe(
        [
          `sec: the data key cannot be encrypted for ${key}: the token of VAULT_TOKEN is not allowed update on transit/encrypt/app`,
          'hint: see what it may do, and have that allowed: vault token capabilities transit/encrypt/app',
          '',
        ].join('\n'),
      );
    });

    test('that may not even look at itself is not taken for one that ran out', async () => {
      const here = folder();
      await here.lock(['--hc-vault-transit', key]);
      const VAULT_TOKEN = await bao.makeToken({ 'secret/*': ['read'] }, { no_default_policy: true });

      expect((await here.why({ VAULT_TOKEN }))[0]).toBe('refused: the token of VAULT_TOKEN is not allowed update on transit/decrypt/app');
    });

    test('that ran out, and one that never was', async () => {
      const here = folder();
      await here.lock(['--hc-vault-transit', key]);
      const VAULT_TOKEN = await bao.makeToken({ 'transit/decrypt/app': ['update'] });
      await bao.call('PUT', 'auth/token/revoke', { token: VAULT_TOKEN });
      const gone = [
        'your login has expired: the token of VAULT_TOKEN has run out, was revoked, or is none of this server',
        'try: vault login',
      ];

      expect(await here.why({ VAULT_TOKEN })).toEqual(gone);
      expect(await here.why({ VAULT_TOKEN: 'hvs.never' })).toEqual(gone);
    });

    test('is found in the file that a login leaves, and with the helper of the configuration of Vault', async () => {
      const here = folder({ VAULT_TOKEN: '' });
      await here.lock(['--hc-vault-transit', key], { VAULT_TOKEN: bao.root });

      expect(await here.why()).toEqual([
        `not one of yours: there is no token for ${bao.url}: neither in VAULT_TOKEN nor in ${here.at('.vault-token')}`,
        'try: vault login',
      ]);
      here.write('.vault-token', `${bao.root}\n`);
      expect(await here.sec(['decrypt', 'locked.yaml'])).toEqual(opened);
      here.write('helper', `#!/bin/sh\n[ "$1" = get ] && echo ${bao.root}\n`, 0o700);
      here.write('.vault-token', 'another');
      here.write('.vault', `token_helper = "${here.at('helper')}"\n`);
      expect(await here.sec(['decrypt', 'locked.yaml'])).toEqual(opened);
    });
  });

  describe('a server', () => {
    test('that only the file names is sent nothing', async () => {
      const proxy = await faultProxy(bao.url);
      const here = folder();
      const foreign = key.replace(bao.url, proxy.url);
      await here.lock(['--hc-vault-transit', foreign]);
      proxy.seen.length = 0;

      expect(await here.why()).toEqual([
        `refused: nothing is sent to ${proxy.url}: only the file names it`,
        `try: if you know that server: export VAULT_ADDR=${proxy.url}`,
      ]);
      expect((await here.sec(['rotate', '-i', '--add-hc-vault-transit', key, 'locked.yaml'])).status).toBe(128);
      expect(proxy.seen).toEqual([]);
      here.write('.secretsrc.yaml', JSON.stringify({ creation_rules: [{ path_regex: 'other', hc_vault_transit_uri: foreign }] }));
      expect(await here.sec(['decrypt', 'locked.yaml'])).toEqual(opened);
      expect(proxy.seen.map(({ method, path, headers }) => [method, path, headers['x-vault-token']])).toEqual([
        ['PUT', '/v1/transit/decrypt/app', bao.root],
      ]);
    });

    test('that is slow opens a file all the same, and one that takes no more calls is asked again', async () => {
      const here = folder();
      const answers = [
        { kind: 'delay', ms: 300 },
        { kind: 'answer', status: 429, body: '{"errors":["rate limit quota exceeded"]}' },
        { kind: 'cut' },
      ] as const;
      let calls = 0;
      const proxy = await faultProxy(bao.url, () => answers[calls++] ?? null);
      await here.lock(['--hc-vault-transit', key.replace(bao.url, proxy.url)]);

      expect(await here.sec(['decrypt', 'locked.yaml'], { VAULT_ADDR: proxy.url })).toEqual(opened);
      expect(calls).toBe(4);
    });

    test('that is down is told so', async () => {
      const here = folder();
      const proxy = await faultProxy(bao.url);
      await here.lock(['--hc-vault-transit', key.replace(bao.url, proxy.url)]);
      await proxy.stop();

      expect(await here.sec(['decrypt', 'locked.yaml'], { VAULT_ADDR: proxy.url })).toEqual({
        status: 128,
        out: '',
        err: [
          'sec: none of your keys opens locked.yaml',
          '  your keys: the token of VAULT_TOKEN',
          '  the file wants this key:',
          `    ${proxy.url}/v1/transit/keys/app: out of reach: nothing answers at ${proxy.url}`,
          `      try: curl ${proxy.url}/v1/sys/health`,
          'hint: put that right, and run the same command again',
          '',
        ].join('\n'),
      });
    });

    test('that limits calls, has no such engine, or is no Vault is told so', async () => {
      const here = folder();
      const locked = await here.lock(['--hc-vault-transit', key]);
      here.write('locked.yaml', locked.replace('engine_path: transit', 'engine_path: gone'));
      expect(await here.why()).toEqual([`out of reach: ${bao.url} has no transit engine at gone`, 'try: vault secrets list']);

      const proxy = await faultProxy(bao.url, () => ({ kind: 'answer', status: 404, body: '<html>nothing here</html>' }));
      here.write('locked.yaml', locked.replaceAll(bao.url, proxy.url));
      expect(await here.why({ VAULT_ADDR: proxy.url })).toEqual([
        `out of reach: ${proxy.url} does not answer as Vault or OpenBao does (status 404)`,
        `try: curl ${proxy.url}/v1/sys/health`,
      ]);
    });
  });

  test('a sealed server is told so', async () => {
    const other = await startOpenBao();
    onTestFinished(other.stop);
    const here = folder({ VAULT_ADDR: other.url });
    await here.lock(['--hc-vault-transit', await other.makeKey('app')]);
    await other.call('PUT', 'sys/seal');

    expect(await here.why()).toEqual([`out of reach: ${other.url} is sealed`, 'try: vault operator unseal']);
  });
});

describe.skipIf(!need('openbao-2.7.2', 'sops-3.13.3'))('OpenBao with a certificate', () => {
  let bao: OpenBao;
  beforeAll(async () => {
    bao = await startOpenBao({ tls: true });
  });
  afterAll(() => bao.stop());

  test('is trusted by VAULT_CACERT or VAULT_CAPATH, and never without', async () => {
    const here = lockedFolder({ VAULT_ADDR: bao.url, VAULT_TOKEN: bao.root, VAULT_SKIP_VERIFY: 'true' });
    const key = await bao.makeKey('app');
    await here.lock(['--hc-vault-transit', key], { VAULT_CACERT: bao.ca });
    here.write('authorities/ca.pem', readFileSync(bao.ca));

    expect(await here.sec(['decrypt', 'locked.yaml'], { VAULT_CAPATH: here.at('authorities') })).toEqual(opened);
    expect((await here.sops('sops-3.13.3', ['decrypt', 'locked.yaml'], { VAULT_CACERT: bao.ca, VAULT_SKIP_VERIFY: '' })).status).toBe(0);
    expect((await here.sec(['decrypt', 'locked.yaml'])).err).toContain(
      [
        `    ${key}: out of reach: the certificate of ${bao.url} is not trusted (UNABLE_TO_VERIFY_LEAF_SIGNATURE)`,
        '      try: export VAULT_CACERT=FILE, with the certificate of its authority',
      ].join('\n'),
    );
  });
});
