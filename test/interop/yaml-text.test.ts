import { afterAll, describe, expect, test } from 'vitest';

import { need } from '../helpers/need.ts';
import { sec } from '../helpers/sec.ts';
import { sopsFolder } from '../helpers/sops-folder.ts';
import { yamlStyles } from '../helpers/yaml-styles.ts';

describe.skipIf(!need('age-keygen', 'sops-3.13.3'))('texts that become YAML', () => {
  const { folder, identity, recipient, encrypt, sops } = sopsFolder();
  afterAll(() => folder.remove());

  test('are written as sops writes them', async () => {
    const sealed = encrypt('x.json', JSON.stringify(Object.fromEntries(yamlStyles.map(([text], index) => [`k${index}`, text]))), {
      age: recipient,
    });
    folder.write('sealed.json', sealed);
    const theirs = sops('sops-3.13.3', ['decrypt', '--output-type', 'yaml', 'sealed.json']);
    const ours = await sec(['decrypt', '--output-type', 'yaml', 'x.json'], { 'x.json': sealed }, { env: { SOPS_AGE_KEY: identity } });

    expect({ status: ours.status, err: ours.err }).toEqual({ status: 0, err: '' });
    expect(ours.out).toBe(theirs.out);
    expect(theirs.out).toBe(yamlStyles.map(([, written], index) => `k${index}: ${written}\n`).join(''));
  });
});
