import { describe, expect, test } from 'vitest';
import { ageKeysFile, agePlaces } from '../../src/keys/age-places.ts';

const linux = { env: {}, home: '/home/eve', platform: 'linux' };

describe('the file of identities that sops reads too', () => {
  test.each([
    ['on Linux', linux, '/home/eve/.config/sops/age/keys.txt'],
    ['where XDG_CONFIG_HOME says', { ...linux, env: { XDG_CONFIG_HOME: '/x' } }, '/x/sops/age/keys.txt'],
    ['not where it says nothing useful', { ...linux, env: { XDG_CONFIG_HOME: 'x' } }, '/home/eve/.config/sops/age/keys.txt'],
    ['on macOS', { ...linux, platform: 'darwin' }, '/home/eve/Library/Application Support/sops/age/keys.txt'],
    ['on macOS, where XDG_CONFIG_HOME says', { ...linux, platform: 'darwin', env: { XDG_CONFIG_HOME: '/x' } }, '/x/sops/age/keys.txt'],
    [
      'on Windows',
      { env: { AppData: 'C:\\Users\\eve\\AppData\\Roaming' }, home: 'C:\\Users\\eve', platform: 'win32' },
      'C:\\Users\\eve\\AppData\\Roaming\\sops\\age\\keys.txt',
    ],
    [
      'on Windows without AppData',
      { env: {}, home: 'C:\\Users\\eve', platform: 'win32' },
      'C:\\Users\\eve\\AppData\\Roaming\\sops\\age\\keys.txt',
    ],
  ])('%s', (_, world, path) => {
    expect(ageKeysFile(world)).toBe(path);
  });
});

test('without a variable, places are the files that everyone has', () => {
  expect(agePlaces(linux)).toEqual({
    texts: [],
    files: [{ label: '/home/eve/.config/sops/age/keys.txt', path: '/home/eve/.config/sops/age/keys.txt', expected: false }],
    commands: [],
    sshFiles: [
      { label: '/home/eve/.ssh/id_ed25519', path: '/home/eve/.ssh/id_ed25519', expected: false },
      { label: '/home/eve/.ssh/id_rsa', path: '/home/eve/.ssh/id_rsa', expected: false },
    ],
    sshFolder: '/home/eve/.ssh',
    sshCommands: [],
  });
});

test('a variable of ours wins over its twin of sops, and one that is empty is none', () => {
  const env = {
    SOPS_AGE_KEY: 'theirs',
    SEC_AGE_KEY: 'ours',
    SOPS_AGE_KEY_FILE: 'their.txt',
    SEC_AGE_KEY_FILE: '',
    SEC_AGE_KEY_CMD: 'our command',
    SOPS_AGE_SSH_PRIVATE_KEY_FILE: 'their_key',
    SOPS_AGE_SSH_PRIVATE_KEY_CMD: 'their command',
  };
  const places = agePlaces({ ...linux, env });

  expect(places.texts).toEqual([{ label: 'SEC_AGE_KEY', text: 'ours' }]);
  expect(places.files[0]).toEqual({ label: 'SOPS_AGE_KEY_FILE (their.txt)', path: 'their.txt', expected: true });
  expect(places.commands).toEqual([{ label: 'SEC_AGE_KEY_CMD', text: 'our command' }]);
  expect(places.sshFiles[0]).toEqual({ label: 'SOPS_AGE_SSH_PRIVATE_KEY_FILE (their_key)', path: 'their_key', expected: true });
  expect(places.sshCommands).toEqual([{ label: 'SOPS_AGE_SSH_PRIVATE_KEY_CMD', text: 'their command' }]);
});
