import { describe, expect, test } from 'vitest';
import { noRecipientFlags, recipientsFromEnvironment, recipientsFromText } from '../../src/config/environment.ts';
import { problemOf } from '../helpers/problem.ts';

describe('recipientsFromEnvironment', () => {
  test('takes all flags, in the order of sops', () => {
    const flags = {
      ...noRecipientFlags,
      age: ' age1a ,age1b',
      hcVaultTransit: 'http://h/v1/e/keys/k,',
      pgp: 'AA BB!,CC',
      azureKv: 'https://h/keys/a',
      hckms: 'r:u,,',
      gcpKms: 'projects/ p',
      kms: 'arn:aws:kms:r:1:key/a + arn:aws:iam::1:role/r',
    };

    expect(recipientsFromEnvironment({}, flags)).toEqual([
      { kind: 'kms', text: 'arn:aws:kms:r:1:key/a+arn:aws:iam::1:role/r' },
      { kind: 'gcp_kms', text: 'projects/p' },
      { kind: 'hckms', text: 'r:u' },
      { kind: 'azure_kv', text: 'https://h/keys/a' },
      { kind: 'pgp', text: 'AABB!' },
      { kind: 'pgp', text: 'CC' },
      { kind: 'hc_vault', text: 'http://h/v1/e/keys/k' },
      { kind: 'age', text: 'age1a' },
      { kind: 'age', text: 'age1b' },
    ]);
  });

  test.each([
    ['KMS_ARN', 'kms'],
    ['GCP_KMS_IDS', 'gcp_kms'],
    ['HUAWEICLOUD_KMS_IDS', 'hckms'],
    ['AZURE_KEYVAULT_URLS', 'azure_kv'],
    ['PGP_FP', 'pgp'],
    ['VAULT_URIS', 'hc_vault'],
    ['AGE_RECIPIENTS', 'age'],
  ])('takes %s of sops, and its twin before it', (variable, kind) => {
    const sops = { [`SOPS_${variable}`]: 'a' };

    expect(recipientsFromEnvironment(sops, noRecipientFlags)).toEqual([{ kind, text: 'a' }]);
    expect(recipientsFromEnvironment({ ...sops, [`SEC_${variable}`]: 'b' }, noRecipientFlags)).toEqual([{ kind, text: 'b' }]);
    expect(recipientsFromEnvironment({ ...sops, [`SEC_${variable}`]: '' }, noRecipientFlags)).toEqual([{ kind, text: 'a' }]);
  });

  test('takes a flag before its variables, also an empty one', () => {
    const env = { SEC_AGE_RECIPIENTS: 'age1sec', SOPS_AGE_RECIPIENTS: 'age1sops' };

    expect(recipientsFromEnvironment(env, { ...noRecipientFlags, age: 'age1flag' })).toEqual([{ kind: 'age', text: 'age1flag' }]);
    expect(recipientsFromEnvironment(env, { ...noRecipientFlags, age: '' })).toBeNull();
  });

  test('tells nobody named from a list of nobody', () => {
    expect(recipientsFromEnvironment({}, noRecipientFlags)).toBeNull();
    expect(recipientsFromEnvironment({}, { ...noRecipientFlags, hckms: ',' })).toEqual([]);
  });

  test('gives AWS keys their profile and context', () => {
    const flags = { ...noRecipientFlags, kms: 'arn:a+arn:r,arn:b', age: 'age1a', awsProfile: 'p', encryptionContext: 'b: 1 ,a:' };
    const context = new Map([
      ['a', ''],
      ['b', ' 1 '],
    ]);

    expect(recipientsFromEnvironment({}, flags)).toEqual([
      { kind: 'kms', fields: new Map(Object.entries({ arn: 'arn:a', aws_profile: 'p', context, role: 'arn:r' })) },
      { kind: 'kms', fields: new Map(Object.entries({ arn: 'arn:b', aws_profile: 'p', context })) },
      { kind: 'age', text: 'age1a' },
    ]);
  });

  test.each(['a', 'a:b:c', 'a:b,', ','])('refuses the context %j, even where nobody uses it', (encryptionContext) => {
    expect(problemOf(() => recipientsFromEnvironment({}, { ...noRecipientFlags, age: 'age1a', encryptionContext }))).toEqual({
      code: 'bad-encryption-context',
    });
  });
});

describe('recipientsFromText', () => {
  test.each(['age', 'pgp', 'kms', 'gcp_kms', 'azure_kv'] as const)('refuses an empty part of a list of kind %s', (kind) => {
    expect(problemOf(() => recipientsFromText(kind, 'a, '))).toEqual({ code: 'bad-recipient', kind, text: '', reason: 'it is empty' });
  });

  test('does not show a secret key', () => {
    expect(problemOf(() => recipientsFromText('age', 'age1a,AGE-SECRET-KEY-1QQQQ'))).toEqual({
      code: 'bad-recipient',
      kind: 'age',
      text: '(a secret key)',
      reason: 'that is a secret key, not a recipient',
    });
  });
});
