import { describe, expect, onTestFinished, test } from 'vitest';
import { findIdentity, nameOf } from '../../src/keys/azure-identity.ts';
import { FakeNetwork } from '../helpers/fake-network.ts';
import { keyWorld } from '../helpers/key-world.ts';
import { tempFolder, type TempFolder } from '../helpers/temp-folder.ts';

const application = { AZURE_TENANT_ID: 't', AZURE_CLIENT_ID: 'c' };
const nowhere = new FakeNetwork(() => 'ENETUNREACH');

function home(): TempFolder {
  const folder = tempFolder();
  onTestFinished(folder.remove);
  return folder;
}

/** Who it is, or why nobody. */
async function told(env: Readonly<Record<string, string>>, folder = home(), { network } = nowhere): Promise<string> {
  const result = await findIdentity({ ...keyWorld({ env: { PATH: folder.at('bin'), ...env }, home: folder.path }), network });
  return 'identity' in result ? nameOf(result.identity) : `${result.failure.reason}: ${result.failure.detail}; ${result.failure.hint}`;
}

/** With az, and a login. */
function loggedIn(folder: TempFolder, where = '.azure'): TempFolder {
  folder.write('bin/az', '#!/bin/sh\n', 0o700);
  folder.write(`${where}/azureProfile.json`, '{}');
  return folder;
}

test('the first counts that is there, and no other is tried', async () => {
  const all = {
    ...application,
    AZURE_CLIENT_SECRET: 's',
    AZURE_CLIENT_CERTIFICATE_PATH: '/c',
    AZURE_FEDERATED_TOKEN_FILE: '/f',
    IDENTITY_ENDPOINT: 'http://x',
  };

  expect(await told(all)).toBe('the application c');
  expect(await told({ ...all, AZURE_CLIENT_SECRET: '' })).toBe('the application c');
  expect(await told({ ...all, AZURE_CLIENT_SECRET: '', AZURE_CLIENT_CERTIFICATE_PATH: '' })).toBe('this job as the application c');
  expect(await told({ AZURE_CLIENT_ID: 'c', IDENTITY_ENDPOINT: 'http://x' })).toBe('the managed identity c');
  expect(await told({ MSI_ENDPOINT: 'http://x' }, loggedIn(home()))).toBe('the managed identity of this machine');
  expect(await told({}, loggedIn(home()))).toBe('the login of az');
});

test('the login of az is asked where az and its login are', async () => {
  const folder = home();
  folder.write('bin/az', '#!/bin/sh\n', 0o700);
  const nobody = 'no-key: this machine has no login of Azure; az login';

  expect(await told({}, folder)).toBe(nobody);
  expect(await told({ PATH: '/nowhere' }, loggedIn(home()))).toBe(nobody);
  const elsewhere = loggedIn(home(), 'other');
  expect(await told({ AZURE_CONFIG_DIR: elsewhere.at('other') }, elsewhere)).toBe('the login of az');
});

describe('the identity of the machine', () => {
  test('is asked for where nothing else is', async () => {
    const metadata = new FakeNetwork(() => ({ status: 200 }));

    expect(await told({}, home(), metadata)).toBe('the managed identity of this machine');
    expect(metadata.asked.map(({ url, headers }) => [url, headers])).toEqual([
      ['http://169.254.169.254/metadata/instance?api-version=2021-02-01', { metadata: 'true' }],
    ]);
    expect(await told({}, home(), new FakeNetwork(() => ({ status: 404 })))).toBe('no-key: this machine has no login of Azure; az login');
  });
});

test.each([['AZURE_CLIENT_SECRET'], ['AZURE_CLIENT_CERTIFICATE_PATH'], ['AZURE_FEDERATED_TOKEN_FILE']])(
  '%s alone is told',
  async (name) => {
    expect(await told({ [name]: 'secret', AZURE_CLIENT_ID: 'c' })).toBe(
      `bad-key-file: ${name} is set without AZURE_TENANT_ID and AZURE_CLIENT_ID; export AZURE_TENANT_ID=TENANT AZURE_CLIENT_ID=APPLICATION`,
    );
  },
);
