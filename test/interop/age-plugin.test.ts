import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { need, programPath } from '../helpers/need.ts';
import { makeWorld, sec } from '../helpers/sec.ts';
import type { Sops } from '../helpers/sops-folder.ts';
import { toyIdentity, toyPlugin, toyRecipient } from '../helpers/toy-plugin.ts';

const releases: readonly Sops[] = ['sops-3.12.2', 'sops-3.13.3'];

describe.skipIf(!need(...releases))('a key of a plugin', () => {
  test.each(releases)('is used by us and by %s alike', async (release) => {
    const { path } = toyPlugin();
    const env = { PATH: path, SOPS_AGE_KEY: toyIdentity };
    const { out: ours, err } = await sec(['encrypt', '--age', toyRecipient, 'a.yaml'], { 'a.yaml': 'a: b\n' }, { env });
    expect(err).toBe('');
    const { work, home } = makeWorld({ 'ours.yaml': ours, 'plain.yaml': 'a: b\n' });
    const sops = (args: readonly string[]) =>
      spawnSync(programPath(release), ['--disable-version-check', ...args], { cwd: work, env: { ...env, HOME: home }, encoding: 'utf8' });
    const theirs = sops(['encrypt', '--age', toyRecipient, 'plain.yaml']);

    expect(theirs.stderr).toBe('');
    expect(sops(['decrypt', 'ours.yaml'])).toMatchObject({ status: 0, stdout: 'a: b\n' });
    expect(await sec(['decrypt', 'theirs.yaml'], { 'theirs.yaml': theirs.stdout }, { env })).toMatchObject({
      status: 0,
      out: 'a: b\n',
      err: '',
    });
  });
});
