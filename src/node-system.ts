import { spawn } from 'node:child_process';
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import type { Program, System } from './context.ts';
import { actAs } from './node-account.ts';
import { offer } from './node-fifo.ts';
import { nodeLog } from './node-log.ts';

/** Named pipes, programs that nobody waits for, and other users. */
export function nodeSystem(cwd: string): System {
  return {
    offer: async (path, bytes) => offer(resolve(cwd, path), bytes),
    leave: (program) => leave(program, cwd),
    actAs: async (user) => actAs(user),
    accountName: async () => userInfo().username,
    ...nodeLog(cwd),
  };
}

function leave(program: Program, cwd: string): Promise<void> {
  const folder = program.cwd ?? cwd;
  return new Promise((done, fail) => {
    const child = spawn(program.file, program.args, {
      env: program.env,
      ...(folder === process.cwd() ? {} : { cwd: folder }),
      stdio: 'ignore',
      detached: true,
    });
    child.on('error', fail);
    child.on('spawn', () => {
      child.unref();
      done();
    });
  });
}
