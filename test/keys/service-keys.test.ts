import { createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { StoredKey } from '../../src/core/metadata.ts';
import type { Attempt } from '../../src/core/problem.ts';
import { age } from '../../src/keys/age.ts';
import { failed, type MasterKey } from '../../src/keys/key.ts';
import { unlockDataKey, wrapDataKey } from '../../src/keys/unlock.ts';
import { answeringService } from '../helpers/answering-service.ts';
import { keyWorld } from '../helpers/key-world.ts';
import { ownService } from '../helpers/own-service.ts';
import { problemOfAsync } from '../helpers/problem.ts';
import { alice, bob } from '../helpers/sec.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const dataKey = Uint8Array.from({ length: 32 }, (_, i) => i);
const aliceWorld = () => keyWorld({ env: { SEC_AGE_KEY: alice.identity } });
const file = { file: 'a.yaml', order: null };

/** A file that is locked for these. */
function lockedFor(...recipients: readonly string[]) {
  const groups = [recipients.map((recipient) => age().parse(recipient))];
  return wrapDataKey({ groups, threshold: null, dataKey, createdAt: '2026-01-02T03:04:05Z', file: 'a.yaml' }, keyWorld());
}

function worldAsking(url: string, more: Readonly<Record<string, string>> = {}) {
  return keyWorld({ env: { SEC_KEYSERVICE: url, ...more } });
}

describe('a key service', () => {
  test('opens what we have no key for', async () => {
    const service = await ownService(aliceWorld);
    const { dataKey: opened, openedBy } = await unlockDataKey(
      await lockedFor(bob.recipient, alice.recipient),
      worldAsking(service.url),
      file,
    );

    expect(opened).toEqual(dataKey);
    expect(openedBy.map(({ label }) => label)).toEqual([alice.recipient]);
    expect(service.asked).toEqual(['decrypt age: wrong-key', 'decrypt age: done']);
  });

  test('is asked only once our own keys did not do, unless they are switched off', async () => {
    const service = await ownService(aliceWorld);
    const locked = await lockedFor(alice.recipient);
    const own = { SEC_AGE_KEY: alice.identity };
    await unlockDataKey(locked, worldAsking(service.url, own), file);
    expect(service.asked).toEqual([]);

    await unlockDataKey(locked, worldAsking(service.url, { ...own, SOPS_ENABLE_LOCAL_KEYSERVICE: 'false' }), file);
    expect(service.asked).toEqual(['decrypt age: done']);
  });

  test('is asked once for what is the same in several files', async () => {
    const service = await ownService(aliceWorld);
    const locked = await lockedFor(alice.recipient);
    const world = worldAsking(service.url);
    const opened = await Promise.all([1, 2, 3].map(() => unlockDataKey(locked, world, file)));

    expect(opened.map((one) => one.dataKey)).toEqual([dataKey, dataKey, dataKey]);
    expect(service.asked).toEqual(['decrypt age: done']);
  });

  test('locks for a key that is of no use here', async () => {
    const service = await ownService(aliceWorld);
    const world = worldAsking(service.url, { SEC_ENABLE_LOCAL_KEYSERVICE: 'false' });
    const groups = [[age().parse(alice.recipient)]];
    const locked = await wrapDataKey({ groups, threshold: null, dataKey, createdAt: '2026-01-02T03:04:05Z', file: 'a.yaml' }, world);

    expect(locked.groups[0]?.keys.map(({ kind, fields }) => [kind, [...fields.keys()]])).toEqual([['age', ['enc', 'recipient']]]);
    expect((await unlockDataKey(locked, aliceWorld(), file)).dataKey).toEqual(dataKey);
  });
});

// The labels are those of sops-cli.md §11, and the fields those of sops-format.md §13.3.
test.each<readonly [string, string, Readonly<Record<string, unknown>>]>([
  ['pgp', 'AB', { created_at: 'now', enc: 'sealed', fp: 'AB' }],
  ['gcp_kms', 'projects/p', { created_at: 'now', enc: 'sealed', resource_id: 'projects/p' }],
  ['azure_kv', 'https://v/keys/n/1', { created_at: 'now', enc: 'sealed', name: 'n', vault_url: 'https://v', version: '1' }],
  [
    'hc_vault',
    'https://v:1/v1/a/b/keys/n',
    { created_at: 'now', enc: 'sealed', engine_path: 'a/b', key_name: 'n', vault_address: 'https://v:1' },
  ],
  ['hckms', 'r:1', { created_at: 'now', enc: 'sealed', key_id: 'r:1' }],
  [
    'kms',
    'arn:aws:kms:x:1:key/k+arn:aws:iam::1:role/r|a:b|p',
    {
      arn: 'arn:aws:kms:x:1:key/k',
      aws_profile: 'p',
      context: new Map([['a', 'b']]),
      created_at: 'now',
      enc: 'sealed',
      role: 'arn:aws:iam::1:role/r',
    },
  ],
])('an entry of %s that a service locked has the fields that sops writes, in its order', async (kind, label, fields) => {
  const seen: unknown[] = [];
  const url = await answeringService((request) => {
    seen.push(request.key);
    return Buffer.from('sealed');
  });
  const key: MasterKey = {
    kind,
    label,
    wrap: () => Promise.reject(new Error('not here')),
    unwrap: () => Promise.resolve(failed('no-key', '')),
  };
  const world = worldAsking(url, { SEC_ENABLE_LOCAL_KEYSERVICE: 'false' });
  const locked = await wrapDataKey({ groups: [[key]], threshold: null, dataKey, createdAt: 'now', file: 'a.yaml' }, world);
  const [stored] = locked.groups[0]?.keys ?? [];

  expect([...(stored?.fields ?? [])]).toEqual(Object.entries(fields));
  const { enc, created_at: date, ...named } = fields;
  expect(seen).toEqual([{ kind, fields: new Map(Object.entries(named)) }]);
  expect([enc, date]).toEqual(['sealed', 'now']);
});

describe('what a report says of key services', () => {
  const reportOf = async (url: string, more: Readonly<Record<string, string>> = {}): Promise<readonly Attempt[]> => {
    const locked = await lockedFor(alice.recipient);
    const problem = await problemOfAsync(() => unlockDataKey(locked, worldAsking(url, more), file));
    if (problem?.code !== 'no-key-opened') throw new Error('it opened, or failed for another reason');
    return problem.report.groups.flatMap((group) => (group.opened ? [] : group.attempts));
  };

  test('one where nobody is', async () => {
    expect((await reportOf('unix:///nonexistent/socket')).slice(1)).toEqual([
      {
        label: 'unix:///nonexistent/socket',
        at: 'unix:///nonexistent/socket',
        reason: 'unreachable',
        detail: 'nobody listens there',
        hint: 'sec keyservice --network unix --address /nonexistent/socket',
      },
    ]);
  });

  test('one where somebody said no', async () => {
    const service = await ownService(aliceWorld, () => false);
    expect((await reportOf(service.url)).slice(1)).toEqual([
      { label: alice.recipient, at: service.url, reason: 'denied', detail: 'who was asked at the key service said no', hint: null },
    ]);
    expect(service.asked).toEqual(['decrypt age: the request was refused']);
  });

  test('one that never answers', async () => {
    const silent = createServer();
    const folder = tempFolder();
    onTestFinished(folder.remove);
    onTestFinished(() => void silent.close());
    await new Promise<void>((done) => {
      silent.listen(folder.at('socket'), done);
    });
    const world = keyWorld({ env: { SEC_KEYSERVICE: `unix://${folder.at('socket')}`, SEC_UNLOCK_TIMEOUT: '1' } });
    const problem = await problemOfAsync(async () => unlockDataKey(await lockedFor(alice.recipient), world, file));
    expect(problem).toMatchObject({ code: 'no-key-opened' });
  });

  test('no keys of our own, and no service', async () => {
    expect(await reportOf('', { SEC_ENABLE_LOCAL_KEYSERVICE: '0' })).toEqual([
      {
        label: alice.recipient,
        reason: 'unsupported',
        detail: 'local keys are switched off, and no key service is named',
        hint: 'name a key service with: --keyservice tcp://HOST:PORT',
      },
    ]);
  });
});

describe('a setting that is none', () => {
  test.each([
    ['SEC_KEYSERVICE', 'localhost:5000', 'no key service: localhost:5000'],
    ['SOPS_KEYSERVICE', 'unix://relative', 'no key service: unix://relative'],
    ['SEC_KEYSERVICE', 'tcp://user@host:1', 'no key service: tcp://user@host:1'],
    ['SEC_ENABLE_LOCAL_KEYSERVICE', 'maybe', '--enable-local-keyservice (SEC_ENABLE_LOCAL_KEYSERVICE) takes true or false'],
    ['SEC_KEY_CALLS', '0', '--key-calls (SEC_KEY_CALLS) takes a whole number from 1 to 1000'],
    ['SEC_UNLOCK_TIMEOUT', 'x', '--unlock-timeout (SEC_UNLOCK_TIMEOUT) takes a whole number from 1 to 86400'],
  ])('%s=%s', async (name, value, message) => {
    const stored: StoredKey = {
      kind: 'kms',
      fields: new Map([
        ['arn', 'a'],
        ['enc', 'AAAA'],
      ]),
    };
    const locked = { groups: [{ keys: [stored], stored: new Map() }], threshold: 0 };
    expect(await problemOfAsync(() => unlockDataKey(locked, keyWorld({ env: { [name]: value } }), file))).toMatchObject({
      code: 'usage',
      message,
    });
  });
});
