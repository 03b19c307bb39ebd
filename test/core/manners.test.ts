import { expect, test } from 'vitest';

import { calledAs, mannersOf } from '../../src/core/manners.ts';

test.each([
  ['/usr/bin/sec', {}, 'sec'],
  ['/usr/bin/sops', {}, 'sops'],
  ['C:\\bin\\sops.exe', {}, 'sops'],
  ['/usr/bin/my-sops', {}, 'sec'],
  ['/usr/bin/sec', { SEC_AS: 'sops' }, 'sops'],
  ['/usr/bin/sops', { SEC_AS: 'sec' }, 'sec'],
  ['/usr/bin/sops', { SEC_AS: '' }, 'sops'],
] as const)('a program called as %s with %o has the manners of %s', (program, env, name) => {
  expect(mannersOf(calledAs(program, env)).name).toBe(name);
});
