import { afterAll, expect, describe, test } from 'vitest';

import { need } from '../helpers/need.ts';
import { sec } from '../helpers/sec.ts';
import { sopsFolder } from '../helpers/sops-folder.ts';
import type { Sops } from '../helpers/sops-folder.ts';

/** Numbers of JSON that stay in the clear, and that releases of sops do not hash alike (`sops-format.md` §5.1, §14). */

const releases: readonly Sops[] = ['sops-3.12.2', 'sops-3.13.3'];

describe.skipIf(!need('age-keygen', ...releases))('a number in the clear opens where it was hashed as it reads', () => {
  const { folder, recipient, identity, sops } = sopsFolder();
  afterAll(() => folder.remove());

  /** Who opens what somebody wrote. */
  async function openers(text: string): Promise<readonly string[]> {
    folder.write('x.json', text);
    const opened = releases.filter((release) => sops(release, ['decrypt', 'x.json']).status === 0);
    const { status } = await sec(['decrypt', 'x.json'], { 'x.json': text }, { env: { SOPS_AGE_KEY: identity } });
    return [...opened, ...(status === 0 ? ['sec'] : [])];
  }

  test.each([
    ['-0', { 'sops-3.12.2': ['sops-3.12.2'], 'sops-3.13.3': ['sops-3.12.2', 'sops-3.13.3', 'sec'], sec: ['sops-3.13.3', 'sec'] }],
    ['-0.0', { 'sops-3.12.2': ['sops-3.12.2'], 'sops-3.13.3': ['sops-3.12.2'], sec: ['sops-3.12.2', 'sops-3.13.3', 'sec'] }],
    [
      '9007199254740993',
      { 'sops-3.12.2': ['sops-3.12.2', 'sops-3.13.3', 'sec'], 'sops-3.13.3': ['sops-3.13.3', 'sec'], sec: ['sops-3.13.3', 'sec'] },
    ],
    [
      '9007199254740992',
      {
        'sops-3.12.2': ['sops-3.12.2', 'sops-3.13.3', 'sec'],
        'sops-3.13.3': ['sops-3.12.2', 'sops-3.13.3', 'sec'],
        sec: ['sops-3.12.2', 'sops-3.13.3', 'sec'],
      },
    ],
  ])('%s', async (number, expected) => {
    const text = `{"a": ${number}, "_x": "s"}\n`;
    const args = ['encrypt', '--age', recipient, '--encrypted-regex', '^_'];
    const found: Record<string, readonly string[]> = {};
    for (const release of releases) {
      folder.write('plain.json', text);
      found[release] = await openers(sops(release, [...args, 'plain.json']).out);
    }
    found['sec'] = await openers((await sec([...args, 'plain.json'], { 'plain.json': text })).out);
    expect(found).toEqual(expected);
  });
});
