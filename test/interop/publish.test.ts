import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { anybody, startMoto, type Moto } from '../helpers/moto.ts';
import { need, programPath } from '../helpers/need.ts';
import { startOpenBao, type OpenBao } from '../helpers/openbao.ts';
import { freePort, startServer, type PeerServer } from '../helpers/peer-server.ts';
import { alice, bob, builtSec } from '../helpers/sec.ts';
import { tempFolder, type TempFolder } from '../helpers/temp-folder.ts';

const plain = 'name: web\nport: 8080\nlist:\n    - a: 1\n    - b\nnested:\n    deep: true\nnothing: null\n';
const values = { name: 'web', port: 8080, list: [{ a: 1 }, 'b'], nested: { deep: true }, nothing: null };

/** The same places for the real sops and for us. */
describe.skipIf(!need('moto-5.2.5', 'openbao-2.7.2', 'fake-gcs-server-0.1.1', 'sops-3.13.3'))('publish', () => {
  let moto: Moto;
  let bao: OpenBao;
  let gcs: PeerServer;
  let gcsUrl: string;
  let folder: TempFolder;
  beforeAll(async () => {
    moto = await startMoto();
    bao = await startOpenBao();
    await bao.call('PUT', 'sys/mounts/kv1', { type: 'kv', options: { version: '1' } });
    const port = await freePort();
    gcsUrl = `http://127.0.0.1:${port}`;
    gcs = await startServer({
      name: 'fake-gcs-server',
      file: programPath('fake-gcs-server-0.1.1'),
      args: ['-scheme', 'http', '-host', '127.0.0.1', '-port', String(port), '-backend', 'memory', '-public-host', `127.0.0.1:${port}`],
      isReady: async () => (await fetch(`${gcsUrl}/storage/v1/b`)).ok,
    });
    await fetch(`${gcsUrl}/storage/v1/b`, { method: 'POST', body: JSON.stringify({ name: 'bucket' }) });
    await fetch(`${moto.url}/bucket`, { method: 'PUT', headers: { authorization: s3Signature } });
  });
  afterAll(() => Promise.all([moto.stop(), bao.stop(), gcs.stop()]));
  beforeEach(() => {
    folder = tempFolder();
    for (const [name, target] of [
      ['theirs', programPath('sops-3.13.3')],
      ['ours', builtSec()],
    ] as const) {
      mkdirSync(folder.at(name));
      symlinkSync(target, folder.at(`${name}/sops`));
    }
    folder.write('plain.yaml', plain);
    folder.write('app.yaml', run('theirs', ['encrypt', '--age', alice.recipient, 'plain.yaml']).out);
    mkdirSync(folder.at('many/sub'), { recursive: true });
    writeFileSync(folder.at('many/one.yaml'), folderText('app.yaml'));
    writeFileSync(folder.at('many/sub/two.yaml'), folderText('app.yaml'));
    return () => folder.remove();
  });

  type Side = 'theirs' | 'ours';
  const folderText = (name: string): string => spawnSync('cat', [folder.at(name)], { encoding: 'utf8' }).stdout;

  function run(
    side: Side,
    args: readonly string[],
    input = '',
  ): { readonly status: number | null; readonly out: string; readonly err: string } {
    const env = {
      PATH: `${folder.at(side)}:${dirname(process.execPath)}:/usr/bin:/bin`,
      HOME: folder.path,
      SOPS_AGE_KEY: alice.identity,
      SOPS_DISABLE_VERSION_CHECK: 'true',
      AWS_ENDPOINT_URL: moto.url,
      AWS_REGION: 'us-east-1',
      ...anybody,
      VAULT_ADDR: bao.url,
      VAULT_TOKEN: bao.root,
      STORAGE_EMULATOR_HOST: side === 'ours' ? gcsUrl : gcsUrl.replace('http://', ''),
    };
    const { status, stdout, stderr } = spawnSync(folder.at(`${side}/sops`), [...args], { cwd: folder.path, env, encoding: 'utf8', input });
    return { status, out: stdout.replaceAll(folder.path, '/FOLDER'), err: stderr };
  }

  const rules = (...rules: readonly object[]): string =>
    folder.write('.sops.yaml', JSON.stringify({ creation_rules: [], destination_rules: rules }));
  const inS3 = async (key: string): Promise<string> =>
    (await fetch(`${moto.url}/bucket/${key}`, { headers: { authorization: s3Signature } })).text();
  const inGcs = async (key: string): Promise<string> =>
    (await fetch(`${gcsUrl}/storage/v1/b/bucket/o/${encodeURIComponent(key)}?alt=media`)).text();

  test('a file goes to S3 and to Cloud Storage as it is', async () => {
    for (const side of ['theirs', 'ours'] as const) {
      rules({ s3_bucket: 'bucket', s3_prefix: `${side}/` });
      expect(run(side, ['publish', '-y', 'app.yaml'])).toMatchObject({ status: 0 });
      rules({ gcs_bucket: 'bucket', gcs_prefix: `${side}/` });
      expect(run(side, ['publish', '--yes', 'app.yaml'])).toMatchObject({ status: 0 });

      expect(await inS3(`${side}/app.yaml`)).toBe(folderText('app.yaml'));
      expect(await inGcs(`${side}/app.yaml`)).toBe(folderText('app.yaml'));
    }
  });

  test('it gets the keys of the rule on its way', async () => {
    for (const side of ['theirs', 'ours'] as const) {
      rules({ s3_bucket: 'bucket', s3_prefix: `${side}-again/`, recreation_rule: { age: bob.recipient } });
      const { status, out } = run(side, ['publish', '-y', 'app.yaml']);
      expect({ status, out }).toEqual({
        status: 0,
        out: `The following changes will be made to the file's key groups:\nGroup 1\n+++ ${bob.recipient}\n--- ${alice.recipient}\n`,
      });
      const text = await inS3(`${side}-again/app.yaml`);
      folder.write('got.yaml', text);
      const { stdout } = spawnSync(programPath('sops-3.13.3'), ['decrypt', 'got.yaml'], {
        cwd: folder.path,
        env: { SOPS_AGE_KEY: bob.identity, HOME: folder.path },
        encoding: 'utf8',
      });
      expect({ stdout, alice: text.includes(alice.recipient) }).toEqual({ stdout: plain, alice: false });
    }
  });

  test('the files of a folder keep their places, and lose their endings where that is asked for', async () => {
    for (const side of ['theirs', 'ours'] as const) {
      rules({ path_regex: 'many/', s3_bucket: 'bucket', s3_prefix: `${side}-many/`, omit_extensions: true });
      expect(run(side, ['publish', '-y', 'many']).status).toBe(1);
      expect(run(side, ['publish', '-y', '--recursive', 'many'])).toMatchObject({ status: 0 });
      expect(await inS3(`${side}-many/one`)).toBe(folderText('app.yaml'));
      expect(await inS3(`${side}-many/sub/two`)).toBe(folderText('app.yaml'));
    }
  });

  test('its values go to Vault, of either version, and are not written again', async () => {
    for (const side of ['theirs', 'ours'] as const) {
      rules({ vault_path: side });
      expect(run(side, ['publish', '-y', 'app.yaml'])).toMatchObject({ status: 0 });
      expect(run(side, ['publish', '-y', 'app.yaml'])).toMatchObject({ status: 0 });
      const second = (await bao.call('GET', `secret/data/${side}/app.yaml`))['data'] as { data: object; metadata: { version: number } };
      rules({ vault_path: side, vault_kv_mount_name: 'kv1', vault_kv_version: 1 });
      expect(run(side, ['publish', '-y', 'app.yaml'])).toMatchObject({ status: 0 });
      const first = (await bao.call('GET', `kv1/${side}/app.yaml`))['data'];

      // sops makes a list of fields of a map in a list.
      const list = side === 'ours' ? values.list : [[{ Key: 'a', Value: 1 }], 'b'];
      expect(second).toMatchObject({ data: { ...values, list } });
      expect(first).toMatchObject({ ...values, list });
      // With such a list, sops never finds what it wrote.
      expect(second.metadata.version).toBe({ theirs: 2, ours: 1 }[side]);
    }
  });

  test.each([
    ['without a configuration', null],
    ['without a rule that fits', [{ path_regex: 'nope', s3_bucket: 'bucket' }]],
    ['to two places at once', [{ s3_bucket: 'bucket', gcs_bucket: 'bucket' }]],
    ['to no place', [{ path_regex: '.*' }]],
    ['to a bucket that is not there', [{ s3_bucket: 'no-such-bucket' }]],
  ])('is refused %s', (_, given) => {
    if (given !== null) rules(...given);
    expect([run('theirs', ['publish', '-y', 'app.yaml']).status, run('ours', ['publish', '-y', 'app.yaml']).status]).toEqual([1, 1]);
  });

  test('is refused for a file that is not encrypted', () => {
    rules({ s3_bucket: 'bucket' });
    expect([run('theirs', ['publish', '-y', 'plain.yaml']).status, run('ours', ['publish', '-y', 'plain.yaml']).status]).toEqual([1, 1]);
  });

  test('asks before it writes', () => {
    rules({ s3_bucket: 'bucket', s3_prefix: 'asked/' });
    for (const answer of ['n\n', 'y\n']) {
      const [theirs, ours] = [run('theirs', ['publish', 'app.yaml'], answer), run('ours', ['publish', 'app.yaml'], answer)];
      expect({ status: ours.status, out: ours.out }).toEqual({ status: theirs.status, out: theirs.out });
    }
  });
});

/** moto looks for no more than the account in it. */
const s3Signature = 'AWS4-HMAC-SHA256 Credential=AKIAANYBODY/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=x';
