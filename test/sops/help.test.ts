import { expect, test } from 'vitest';
import { sopsFlags } from '../../src/sops/flags.ts';
import { wordsFor } from '../../src/sops/help-words.ts';
import { sec } from '../helpers/sec.ts';

test('every flag of sops has words', () => {
  expect(sopsFlags.map(({ name }) => name).filter((name) => wordsFor(name) === '')).toEqual([]);
  expect(wordsFor('nope')).toBe('');
});

test('the help of a command has the parts that it has in sops', async () => {
  expect(await sec(['groups', 'delete', '--help'], {}, { as: 'sops' })).toMatchObject({
    status: 0,
    err: '',
    out: [
      'NAME:',
      '   sops groups delete - take a group out; the first is number 0',
      '',
      'USAGE:',
      '   sops groups delete [options] NUMBER',
      '',
      'OPTIONS:',
      '   --in-place, -i                           write the file itself instead of standard output',
      '   --shamir-secret-sharing-threshold value  how many key groups are needed to decrypt',
      '   --enable-local-keyservice                whether to use the keys of this machine: =true, the default, or =false [$SOPS_ENABLE_LOCAL_KEYSERVICE]',
      '   --keyservice value                       a machine to ask for keys, after this one: tcp://HOST:PORT or unix:///PATH; may be repeated [$SOPS_KEYSERVICE]',
      '   --file value, -f value                   the encrypted file',
      '',
    ].join('\n'),
  });
});

test('by our own name, the help is our own', async () => {
  const { status, out } = await sec(['decrypt', '--help']);

  expect({ status, begins: out.split('\n')[0] }).toEqual({ status: 0, begins: 'Usage: sec decrypt [options] [file]' });
});
