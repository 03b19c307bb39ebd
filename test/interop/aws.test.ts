import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { awsFolder, type AwsFolder } from '../helpers/aws-folder.ts';
import { faultProxy, type FaultProxy } from '../helpers/fault-proxy.ts';
import { withOtherEnc } from '../helpers/locked-folder.ts';
import { anybody, motoAccount, startMoto, type AccessKey, type Moto } from '../helpers/moto.ts';
import { need } from '../helpers/need.ts';
import type { Sops } from '../helpers/sops-folder.ts';

const releases: readonly Sops[] = ['sops-3.12.2', 'sops-3.13.3'];
const texts = { yaml: 'db:\n  password: hunter2\n', json: '{"db": {"password": "hunter2"}}\n', env: 'PASSWORD=hunter2\n' };
const context = ['--encryption-context', 'app:web,stage:prod'];
const alias = `arn:aws:kms:eu-west-1:${motoAccount}:alias/app`;
const opened = { status: 0, out: texts.yaml, err: '' };

describe.skipIf(!need('moto-5.2.5', ...releases))('the real sops and we, before the same AWS', () => {
  let moto: Moto;
  let key: string;
  beforeAll(async () => {
    moto = await startMoto();
    key = await moto.makeKey({ region: 'eu-west-1' }, 'app');
  });
  afterAll(() => moto.stop());

  function folder(env: Readonly<Record<string, string>> | AccessKey = anybody, url = moto.url): AwsFolder {
    const made = awsFolder({ AWS_ENDPOINT_URL: url, ...env });
    onTestFinished(made.remove);
    for (const [ending, text] of Object.entries(texts)) made.write(`plain.${ending}`, text);
    return made;
  }

  /** Locks the YAML file under that name. */
  async function lock(here: AwsFolder, name: string, args: readonly string[]): Promise<void> {
    const { status, out, err } = await here.sec(['encrypt', ...args, 'plain.yaml']);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    here.write(name, out);
  }

  describe.each(releases)('%s', (release) => {
    test.each<readonly [string, () => readonly string[]]>([
      ['a key', () => ['--kms', key]],
      ['an alias', () => ['--kms', alias]],
      ['a key in a context', () => ['--kms', key, ...context]],
      ['a key in a role', () => ['--kms', `${key}+arn:aws:iam::${motoAccount}:role/app`]],
      ['two keys', () => ['--kms', `${key},${alias}`, ...context]],
    ])('reads what we lock for %s, and we read what it locks', async (_, args) => {
      const here = folder();
      const exchange = async ([ending, text]: readonly [string, string]): Promise<void> => {
        const ours = await here.sec(['encrypt', ...args(), `plain.${ending}`]);
        const theirs = await here.sops(release, ['encrypt', ...args(), `plain.${ending}`]);
        here.write(`ours.${ending}`, ours.out);
        here.write(`theirs.${ending}`, theirs.out);

        expect([ours.err, theirs.err]).toEqual(['', '']);
        expect(await here.sec(['decrypt', `ours.${ending}`])).toEqual({ status: 0, out: text, err: '' });
        expect((await here.sec(['decrypt', '--extract', lastKey[ending] ?? '', `theirs.${ending}`])).out).toBe('hunter2');
        expect((await here.sops(release, ['decrypt', '--extract', lastKey[ending] ?? '', `ours.${ending}`])).out).toBe('hunter2');
      };
      await Promise.all(Object.entries(texts).map(exchange));
    });

    test('refuses with us a wrong context, a wrong key and a changed data key', async () => {
      const here = folder();
      await lock(here, 'locked.yaml', ['--kms', key, ...context]);
      const { out: locked } = await here.sec(['encrypt', '--kms', key, ...context, 'plain.yaml']);
      const other = await moto.makeKey({ region: 'eu-west-1' });
      const damaged = {
        context: locked.replace('app: web', 'app: other'),
        key: locked.replaceAll(key, other),
        enc: withOtherEnc(locked, 90),
      };
      const why = {
        context: 'damaged in the file: the encrypted data key does not fit the key and its encryption context (app, stage)',
        key: 'refused: the access key of AWS_ACCESS_KEY_ID is not allowed kms:Decrypt',
        enc: 'damaged in the file: the encrypted data key does not fit the key and its encryption context (app, stage)',
      };
      for (const [what, text] of Object.entries(damaged)) {
        here.write('damaged.yaml', text);
        const ours = await here.sec(['decrypt', 'damaged.yaml']);

        expect(await here.sops(release, ['decrypt', 'damaged.yaml'])).toMatchObject({ status: 128, out: '' });
        expect(ours).toMatchObject({ status: 128, out: '' });
        expect(ours.err).toContain(`: ${why[what as keyof typeof why]}\n`);
      }
    });
  });

  test('sops and we take on a role alike, in another account too', async () => {
    const role = 'arn:aws:iam::444455556666:role/team/app';
    const theirKey = await moto.makeKey({ region: 'eu-central-1', as: await moto.assume(role) });
    const proxy = await faultProxy(moto.url);
    const here = folder({ ...anybody, AWS_REGION: 'us-west-2' }, proxy.url);
    await lock(here, 'locked.yaml', ['--kms', `${theirKey}+${role}`]);
    const ours = calls(proxy);
    for (const release of releases) {
      expect((await here.sops(release, ['decrypt', 'locked.yaml'])).status).toBe(0);
      proxy.seen.length = 0;
      expect((await here.sops(release, ['encrypt', '--kms', `${theirKey}+${role}`, 'plain.yaml'])).status).toBe(0);
      expect(calls(proxy)).toEqual(ours);
    }

    expect(theirKey).toMatch(/^arn:aws:kms:eu-central-1:444455556666:key\//);
    expect(ours.map(({ action }) => action)).toEqual(['AssumeRole in eu-central-1', 'TrentService.Encrypt in eu-central-1']);
    expect(await here.sec(['decrypt', 'locked.yaml'])).toEqual(opened);
  });

  test('sops opens what a rule with groups, a role and a context locks', async () => {
    const here = folder();
    const group = { kms: [{ arn: key, role: `arn:aws:iam::${motoAccount}:role/app`, context: { stage: 'prod', app: 'web' } }] };
    here.write(
      'config.json',
      JSON.stringify({ creation_rules: [{ shamir_threshold: 2, key_groups: [group, { kms: [{ arn: alias }] }] }] }),
    );
    await lock(here, 'locked.yaml', ['--config', 'config.json']);

    for (const release of releases) expect((await here.sops(release, ['decrypt', 'locked.yaml'])).status).toBe(0);
    expect(await here.sec(['decrypt', 'locked.yaml'])).toEqual(opened);
  });

  test('sops and we open what was locked before 3.3.0 in a wrong context', async () => {
    const here = folder();
    const { out } = await here.sops('sops-3.13.3', ['encrypt', '--kms', key, '--encryption-context', 'app:web,stage:web', 'plain.yaml']);
    const old = out.replace('stage: web', 'stage: prod').replace(/version: .*/, 'version: 3.2.0');
    here.write('old.yaml', old);
    const theirs = await here.sops('sops-3.13.3', ['decrypt', 'old.yaml']);

    expect(old).toContain('stage: prod');
    expect(theirs.status).toBe(0);
    expect(theirs.out).toContain('password: hunter2\n');
    expect(await here.sec(['decrypt', 'old.yaml'])).toEqual({
      status: 0,
      out: 'db:\n    password: hunter2\n',
      err: `an old sops encrypted for ${key}|app:web,stage:prod in a wrong encryption context: rotate the data key to put that right\n`,
    });
  });

  test('a token of this machine opens a file', async () => {
    const here = folder();
    await lock(here, 'locked.yaml', ['--kms', key]);
    const env = {
      ...anybody,
      AWS_ACCESS_KEY_ID: '',
      AWS_WEB_IDENTITY_TOKEN_FILE: here.write('token', 'a.b.c'),
      AWS_ROLE_ARN: `arn:aws:iam::${motoAccount}:role/ci`,
    };

    expect(await here.sec(['decrypt', 'locked.yaml'], env)).toEqual(opened);
  });

  test('a profile is used and named as sops does it, and is not needed where it is not', async () => {
    const here = folder({});
    here.write('.aws/credentials', '[dev]\naws_access_key_id = AKIADEV\naws_secret_access_key = x\n');
    await lock(here, 'locked.yaml', ['--kms', key, '--aws-profile', 'dev']);
    const theirs = await here.sops('sops-3.13.3', ['encrypt', '--kms', key, '--aws-profile', 'dev', 'plain.yaml']);
    here.write('theirs.yaml', theirs.out);
    here.write('elsewhere/.aws/credentials', '[default]\naws_access_key_id = AKIAELSE\naws_secret_access_key = x\n');
    const elsewhere = { HOME: here.at('elsewhere') };

    expect((await here.sops('sops-3.13.3', ['decrypt', 'locked.yaml'])).status).toBe(0);
    expect((await here.sec(['decrypt', 'theirs.yaml'])).out).toBe('db:\n    password: hunter2\n');
    expect(await here.sec(['decrypt', 'locked.yaml'], elsewhere)).toEqual({
      ...opened,
      err: `the AWS profile dev, which a file names, is not in ${here.at('elsewhere/.aws/config')} or ${here.at('elsewhere/.aws/credentials')}: going on with the default identity\n`,
    });
    expect(await here.sec(['decrypt', 'locked.yaml'], { ...elsewhere, ...anybody })).toEqual(opened);
  });

  describe('AWS', () => {
    test('that is slow opens a file all the same', async () => {
      const proxy = await faultProxy(moto.url, () => ({ kind: 'delay', ms: 300 }));
      const here = folder(anybody, proxy.url);
      await lock(here, 'locked.yaml', ['--kms', key]);

      expect(await here.sec(['decrypt', 'locked.yaml'])).toEqual(opened);
    });

    test('that is down is told so, by name of the key', async () => {
      const here = folder();
      await lock(here, 'locked.yaml', ['--kms', key]);
      const proxy = await faultProxy(moto.url);
      await proxy.stop();

      expect(await here.sec(['decrypt', 'locked.yaml'], { AWS_ENDPOINT_URL: proxy.url })).toEqual({
        status: 128,
        out: '',
        err: [
          'sec: none of your keys opens locked.yaml',
          '  your keys: the access key of AWS_ACCESS_KEY_ID',
          '  the file wants this key:',
          `    ${key}: out of reach: nothing answers at the address of AWS`,
          '      try: check AWS_ENDPOINT_URL, if it is set: echo "$AWS_ENDPOINT_URL"',
          'hint: put that right, and run the same command again',
          '',
        ].join('\n'),
      });
    });

    test('that says that the session has run out', async () => {
      const body = JSON.stringify({ __type: 'ExpiredTokenException', message: 'The security token included in the request is expired' });
      const proxy = await faultProxy(moto.url, () => ({ kind: 'answer', status: 400, body }));
      const here = folder();
      await lock(here, 'locked.yaml', ['--kms', key]);
      const { status, err } = await here.sec(['decrypt', 'locked.yaml'], { AWS_ENDPOINT_URL: proxy.url });

      expect(status).toBe(128);
      expect(err).toContain(`    ${key}: your login has expired: the session of the access key of AWS_ACCESS_KEY_ID has run out\n`);
    });
  });
});

const lastKey: Readonly<Record<string, string>> = { yaml: '["db"]["password"]', json: '["db"]["password"]', env: '["PASSWORD"]' };

/** What was asked since the last look: everything of it that is not chance. */
function calls(proxy: FaultProxy): readonly { readonly action: string; readonly form: unknown }[] {
  return proxy.seen.splice(0).map(({ headers, body }) => {
    const region = /\/\d+\/([\w-]+)\//.exec(String(headers['authorization']))?.[1] ?? '';
    const target = headers['x-amz-target'];
    const form = target === undefined ? Object.fromEntries(new URLSearchParams(body)) : { ...(JSON.parse(body) as object), Plaintext: '' };
    return { action: `${String(target ?? new URLSearchParams(body).get('Action'))} in ${region}`, form };
  });
}
