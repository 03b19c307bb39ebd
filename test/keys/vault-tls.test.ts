import { expect, onTestFinished, test } from 'vitest';
import { vaultTls } from '../../src/keys/vault-tls.ts';
import { keyWorld } from '../helpers/key-world.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const folder = tempFolder();

test('certificates come from the variables of Vault, and authorities from the first that is given', async () => {
  onTestFinished(folder.remove);
  const env = {
    VAULT_CACERT: folder.write('ca.pem', 'in the file'),
    VAULT_CAPATH: folder.at('all'),
    VAULT_CLIENT_CERT: folder.write('cert.pem', 'mine'),
    BAO_CLIENT_KEY: folder.write('key.pem', 'my key'),
    VAULT_TLS_SERVER_NAME: 'vault.test',
  };
  folder.write('all/1.pem', 'one');
  folder.write('all/2.pem', 'two');
  const rest = { certificate: 'mine', key: 'my key', serverName: 'vault.test' };

  expect(await vaultTls(keyWorld({ env }))).toEqual({ settings: { ca: 'in the file', ...rest } });
  expect(await vaultTls(keyWorld({ env: { ...env, VAULT_CACERT_BYTES: 'a text' } }))).toEqual({ settings: { ca: 'a text', ...rest } });
  expect(await vaultTls(keyWorld({ env: { ...env, VAULT_CACERT: '' } }))).toEqual({ settings: { ca: 'one\ntwo', ...rest } });
  expect(await vaultTls(keyWorld())).toEqual({ settings: { ca: null, certificate: null, key: null, serverName: null } });
});

test.each([['VAULT_CACERT'], ['VAULT_CAPATH'], ['BAO_CLIENT_CERT'], ['VAULT_CLIENT_KEY']])(
  '%s that names nothing is a failure of its own',
  async (name) => {
    expect(await vaultTls(keyWorld({ env: { [name]: '/nowhere' } }))).toEqual({
      failure: { reason: 'bad-key-file', detail: `${name} names /nowhere, which cannot be read (ENOENT)`, hint: `ls -l "$${name}"` },
    });
  },
);
