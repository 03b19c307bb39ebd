import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { awsFolder, type AwsFolder } from '../helpers/aws-folder.ts';
import { gpgHome, type GpgHome } from '../helpers/gpg-home.ts';
import { onSocket, onTcp, startService, type RunningService, type ServiceAt } from '../helpers/key-service.ts';
import { anybody, startMoto, type Moto } from '../helpers/moto.ts';
import { need, programPath } from '../helpers/need.ts';
import type { Sops } from '../helpers/sops-folder.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const releases: readonly Sops[] = ['sops-3.12.2', 'sops-3.13.3'];
const text = 'db:\n    password: hunter2\n';

describe.skipIf(!need('age-keygen', 'gpg', 'moto-5.2.5', ...releases))('key services of the real sops and of ours', () => {
  const home = tempFolder();
  let gpg: GpgHome;
  let moto: Moto;
  /** A recipient of each kind whose key only the server has. */
  const keys: Record<string, readonly string[]> = {};
  let server: Readonly<Record<string, string>>;

  beforeAll(async () => {
    gpg = gpgHome();
    moto = await startMoto();
    const keyFile = home.write('keys.txt', '');
    home.remove();
    home.write('.keep', '');
    spawnSync(programPath('age-keygen'), ['-o', keyFile]);
    const age = spawnSync(programPath('age-keygen'), ['-y', keyFile], { encoding: 'utf8' }).stdout.trim();
    keys['age'] = ['--age', age];
    keys['pgp'] = ['--pgp', gpg.makeKey('server', ['future-default', 'default', 'never'])];
    keys['kms'] = ['--kms', await moto.makeKey({ region: 'eu-west-1' }), '--encryption-context', 'app:web,stage:prod'];
    server = {
      HOME: home.path,
      SOPS_AGE_KEY_FILE: keyFile,
      GNUPGHOME: gpg.path,
      AWS_ENDPOINT_URL: moto.url,
      AWS_EC2_METADATA_DISABLED: 'true',
      ...anybody,
    };
  });
  afterAll(() => {
    gpg.remove();
    home.remove();
    return moto.stop();
  });

  async function started(program: 'sec' | Sops, at?: ServiceAt): Promise<RunningService> {
    const service = await startService(program, at ?? onSocket(home.at(`${program}.sock`)), server);
    onTestFinished(async () => void (await service.stop()));
    return service;
  }

  /** A machine without keys. */
  function client(): AwsFolder {
    const folder = awsFolder({});
    onTestFinished(folder.remove);
    folder.write('plain.yaml', text);
    return folder;
  }

  describe.each(releases)('%s', (release) => {
    test.each(['age', 'pgp', 'kms'])('serves us with its %s key, and is served by ours', async (kind) => {
      const here = client();
      const theirs = await started(release);
      const ours = await started('sec');
      const only = (url: string): readonly string[] => ['--enable-local-keyservice=false', '--keyservice', url];
      const byUs = await here.sec(['encrypt', ...only(theirs.url), ...(keys[kind] ?? []), 'plain.yaml']);
      const byThem = await here.sops(release, ['encrypt', ...only(ours.url), ...(keys[kind] ?? []), 'plain.yaml']);
      expect({ us: byUs.err, them: byThem.err }).toEqual({ us: '', them: '' });
      here.write('us.yaml', byUs.out);
      here.write('them.yaml', byThem.out);

      for (const name of ['us.yaml', 'them.yaml']) {
        const opened = { status: 0, out: text, err: '' };
        expect(await here.sec(['decrypt', '--keyservice', theirs.url, name])).toEqual(opened);
        expect(await here.sec(['decrypt', ...only(theirs.url), name])).toEqual(opened);
        expect(await here.sec(['decrypt', ...only(ours.url), name])).toEqual(opened);
        expect(await here.sops(release, ['decrypt', ...only(ours.url), name])).toEqual(opened);
        expect((await here.sec(['decrypt', name])).status).toBe(128);
      }
    });

    test('is asked for the keys of HuaweiCloud that we have no client for', async () => {
      const here = client();
      const service = await startService(release, onSocket(home.at('verbose.sock')), { ...server, HOME: here.path }, ['--verbose']);
      const { status, err } = await here.sec(['encrypt', '--keyservice', service.url, '--hckms', 'eu-west-1:0123', 'plain.yaml']);
      const ended = await service.stop();

      // Nobody emulates that cloud, so a login to it is as far as it goes.
      expect(status).toBe(1);
      expect(err).toContain('failed to get HuaweiCloud credentials');
      expect(ended.err).toContain('keyID="eu-west-1:0123"');
    });

    test('serves and is served over TCP, named by SOPS_KEYSERVICE', async () => {
      const here = client();
      const [theirs, ours] = [await started(release, await onTcp()), await started('sec', await onTcp())];
      const byUs = await here.sec(['encrypt', ...(keys['age'] ?? []), 'plain.yaml']);
      here.write('a.yaml', byUs.out);

      expect(await here.sec(['decrypt', 'a.yaml'], { SOPS_KEYSERVICE: theirs.url })).toEqual({ status: 0, out: text, err: '' });
      expect(await here.sops(release, ['decrypt', 'a.yaml'], { SOPS_KEYSERVICE: ours.url })).toEqual({ status: 0, out: text, err: '' });
    });

    test('tells us and is told by us why a key does not open', async () => {
      const here = client();
      const [theirs, ours] = [await started(release), await started('sec')];
      const { out } = await here.sec(['encrypt', '--age', 'age1g08x4ahywkutj4vyd6c7tgt6u84z7js2q9m3k4nuqgkyrelnvq9saqvx9x', 'plain.yaml']);
      here.write('a.yaml', out);
      const byUs = await here.sec(['decrypt', '--enable-local-keyservice=false', '--keyservice', theirs.url, 'a.yaml']);
      const byThem = await here.sops(release, ['decrypt', '--enable-local-keyservice=false', '--keyservice', ours.url, 'a.yaml']);

      expect(byUs.status).toBe(128);
      expect(byUs.err).toContain(
        `, by ${theirs.url}: refused: the key service says: failed to create reader for decrypting sops data key with age: identity did not match`,
      );
      expect(byThem.status).toBe(128);
      expect(byThem.err).toContain('code = Unknown desc = wrong-key');
    });
  });

  test("our socket is its owner's alone, is gone after a signal, and takes the place of one that is dead", async () => {
    const at = onSocket(home.at('own.sock'));
    const first = await startService('sec', at, server);
    const { mode } = statSync(home.at('own.sock'));
    const killed = await first.stop('SIGKILL');
    const second = await startService('sec', at, server, ['--verbose']);
    const ended = await second.stop();

    expect((mode & 0o777).toString(8)).toBe('600');
    expect(killed).toEqual({ status: null, err: '' });
    expect(ended).toEqual({ status: 0, err: `sec: listening on ${home.at('own.sock')}\n` });
    expect(existsSync(home.at('own.sock'))).toBe(false);
  });

  test('our server does not take the place of one that runs, nor of a file', async () => {
    const first = await started('sec', onSocket(home.at('own.sock')));
    home.write('file', 'precious');
    const here = client();

    expect(await here.sec(['keyservice', ...first.args])).toEqual({
      status: 1,
      out: '',
      err: `sec: cannot listen on ${home.at('own.sock')}: somebody listens there already\n`,
    });
    expect(await here.sec(['keyservice', ...onSocket(home.at('file')).args])).toEqual({
      status: 1,
      out: '',
      err: `sec: cannot listen on ${home.at('file')}: somebody listens there already\n`,
    });
    expect(existsSync(home.at('file'))).toBe(true);
  });
});
