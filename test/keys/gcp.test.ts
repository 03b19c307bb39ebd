import { describe, expect, test } from 'vitest';
import type { StoredKey } from '../../src/core/metadata.ts';
import { SecError } from '../../src/core/problem.ts';
import type { GcpConnect } from '../../src/keys/gcp-connect.ts';
import { SdkError } from '../../src/keys/sdk-error.ts';
import { gcpKms } from '../../src/keys/gcp.ts';
import { failed, type KeyWorld } from '../../src/keys/key.ts';
import { FakeNetwork } from '../helpers/fake-network.ts';
import { keyWorld } from '../helpers/key-world.ts';
import { problemOf, problemOfAsync } from '../helpers/problem.ts';

const id = 'projects/p/locations/global/keyRings/r/cryptoKeys/k';
const shape = 'it is no id of a key, as in projects/PROJECT/locations/LOCATION/keyRings/RING/cryptoKeys/NAME';
const dataKey = Uint8Array.from({ length: 32 }, (_, i) => i);
const createdAt = '2026-01-02T03:04:05Z';
const env = { GOOGLE_OAUTH_ACCESS_TOKEN: 'secret' };

/** Turns bytes over, and back. Each call may fail before. */
function fake(faults: readonly unknown[] = []): {
  readonly connect: GcpConnect;
  readonly calls: string[];
  readonly connections: unknown[];
} {
  const calls: string[] = [];
  const connections: unknown[] = [];
  const call = (what: string, bytes: Uint8Array): Promise<Uint8Array> => {
    const fault = faults[calls.length];
    calls.push(what);
    return fault === undefined ? Promise.resolve(bytes.toReversed()) : Promise.reject(new SdkError('key', fault));
  };
  const connect: GcpConnect = (identity, transport) => {
    connections.push([identity, transport]);
    return Promise.resolve({
      encrypt: (name, bytes) => call(`encrypt ${name}`, bytes),
      decrypt: (name, bytes) => call(`decrypt ${name}`, bytes),
    });
  };
  return { connect, calls, connections };
}

function entry(fields: Readonly<Record<string, string>>): StoredKey {
  return { kind: 'gcp_kms', fields: new Map(Object.entries({ resource_id: id, enc: 'AAAA', ...fields })) };
}

function world(given: Readonly<Record<string, string>> = env): KeyWorld & { readonly pauses: readonly number[] } {
  const network = new FakeNetwork(() => 'ENOTHING');
  return { ...keyWorld({ env: given }), network: network.network, pauses: network.pauses };
}

describe('a recipient', () => {
  test('is its id, without spaces', () => {
    expect(gcpKms().parse(' projects / p/locations/global/keyRings/r/cryptoKeys/k').label).toBe(id);
  });

  test.each([[`${id}/cryptoKeyVersions/1`], [`${id}/`], [`gcp-kms://${id}`], ['projects/p/locations/global/keyRings/r'], ['']])(
    'is refused by its text: %j',
    (text) => {
      expect(problemOf(() => gcpKms().parse(text))).toEqual({ code: 'bad-recipient', kind: 'gcp_kms', text, reason: shape });
    },
  );
});

describe('the entry of a key', () => {
  test('has the fields that sops writes, in its order, and opens again by the same client', async () => {
    const { connect, calls, connections } = fake();
    const setting = world();
    const stored = await gcpKms(connect).parse(id).wrap(dataKey, createdAt, setting);

    expect([...stored.fields]).toEqual([
      ['created_at', createdAt],
      ['enc', Buffer.from(dataKey.toReversed()).toString('base64')],
      ['resource_id', id],
    ]);
    expect(await gcpKms(connect).read(stored, 'a.yaml').unwrap(stored, setting)).toEqual({ opened: true, dataKey });
    expect(calls).toEqual([`encrypt ${id}`, `decrypt ${id}`]);
    expect(connections).toEqual([
      [
        { kind: 'token', token: 'secret' },
        { isGrpc: false, endpoint: null, universe: null },
      ],
    ]);
  });

  test.each([
    [{ enc: '' }, 'the entry holds no encrypted data key'],
    [{ enc: 'no base64' }, 'the entry holds no encrypted data key'],
    [{ resource_id: 'projects/p' }, shape],
  ])('that is none is not asked for: %j', async (fields, detail) => {
    const { connect, calls } = fake();
    const stored = entry(fields);

    expect(await gcpKms(connect).read(stored, 'a.yaml').unwrap(stored, world())).toEqual(failed('malformed', detail));
    expect(calls).toEqual([]);
  });
});

describe('Google is asked again', () => {
  const busy = Object.assign(new Error('{}'), { code: 429 });
  const cut = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
  const over = Object.assign(new Error('unavailable'), { code: 14 });

  test('where that may help', async () => {
    const { connect } = fake([busy, cut]);
    const setting = world();

    expect(await gcpKms(connect).read(entry({}), 'a.yaml').unwrap(entry({}), setting)).toMatchObject({ opened: true });
    expect(setting.pauses).toEqual([250, 500]);
  });

  test('twice, and no more', async () => {
    const { connect, calls } = fake([over, over, busy, over]);

    expect(await gcpKms(connect).read(entry({}), 'a.yaml').unwrap(entry({}), world())).toEqual({
      opened: false,
      failure: {
        reason: 'unreachable',
        detail: 'Google takes no more calls for now',
        hint: 'check the network, and run the same command again',
        isBusy: true,
      },
    });
    expect(calls.length).toBe(3);
  });

  test('not where it said no', async () => {
    const { connect, calls } = fake([Object.assign(new Error('{}'), { code: 403 })]);
    await gcpKms(connect).read(entry({}), 'a.yaml').unwrap(entry({}), world());

    expect(calls.length).toBe(1);
  });
});

describe('without the SDK', () => {
  const missing = new SecError({ code: 'package-missing', name: '@google-cloud/kms', purpose: 'keys of Google Cloud KMS' });
  const provider = gcpKms(() => Promise.reject(missing));

  test('a key opens nothing, and says what to install', async () => {
    expect(await provider.read(entry({}), 'a.yaml').unwrap(entry({}), world())).toEqual(
      failed('unsupported', 'the package @google-cloud/kms is not installed', 'npm install @google-cloud/kms'),
    );
  });

  test('nothing is locked', async () => {
    expect(await problemOfAsync(() => provider.parse(id).wrap(dataKey, createdAt, world()))).toEqual(missing.problem);
  });
});

test('a variable that says nonsense is told', async () => {
  const { connect } = fake();
  const setting = world({ ...env, SOPS_GCP_KMS_CLIENT_TYPE: 'soap' });

  expect(await problemOfAsync(() => gcpKms(connect).parse(id).wrap(dataKey, createdAt, setting))).toEqual({
    code: 'wrap-failed',
    label: id,
    reason: 'SOPS_GCP_KMS_CLIENT_TYPE is neither rest nor grpc',
    hint: 'unset SOPS_GCP_KMS_CLIENT_TYPE',
  });
});

test('your identities are those that this machine says', async () => {
  expect(await gcpKms().identities(world())).toEqual(['the token of GOOGLE_OAUTH_ACCESS_TOKEN']);
  expect(await gcpKms().identities(world({}))).toEqual([]);
});
