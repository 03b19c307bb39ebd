import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Account } from './context.ts';
import { systemError } from './node-files.ts';

/** Makes this process another user's: its groups, its group, the user. There is no way back. */
export function actAs(user: string): Account {
  const account = accountOf(user);
  // Missing on Windows, and the first of them in the types.
  const initgroups: unknown = Reflect.get(process, 'initgroups');
  if (typeof initgroups !== 'function' || process.setgid === undefined || process.setuid === undefined) throw systemError('EPERM', user);
  Reflect.apply(initgroups, process, [user, account.group]);
  process.setgid(account.group);
  process.setuid(account.id);
  return account;
}

interface Found extends Account {
  readonly id: number;
  readonly group: number;
}

/** As `/etc/passwd` has it, else as the system finds it elsewhere. @throws with `ENOENT` */
function accountOf(user: string): Found {
  const line = lineFor(user, readFileSync('/etc/passwd', 'utf8')) ?? lineFor(user, askSystem(user));
  const [name, , id, group, , home] = line ?? [];
  if (name === undefined || home === undefined) throw systemError('ENOENT', user);
  return { name, home, id: Number(id), group: Number(group) };
}

function lineFor(user: string, text: string): readonly string[] | undefined {
  return text
    .split('\n')
    .map((line) => line.split(':'))
    .find(([name]) => name === user);
}

function askSystem(user: string): string {
  try {
    return execFileSync('getent', ['passwd', '--', user], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return '';
  }
}
