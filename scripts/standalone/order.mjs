// What an executable runs first, so that it stands together in the file: a start then reads fewer pages of it.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** An identity for this, and nothing else. */
const recipient = 'age1g08x4ahywkutj4vyd6c7tgt6u84z7js2q9m3k4nuqgkyrelnvq9saqvx9x';
const identity = 'AGE-SECRET-KEY-1S9HYQ6KYXMQZZZU3XSL3WXFUDMD0FV4482QV9Y62WRLA5Y2SQCUSPKXX5J';

/**
 * Opens a file with an executable of this machine, and notes what ran.
 *
 * @param build makes an executable at a path
 * @param file where the order is written to
 */
export function noteOrder(build, file) {
  const folder = mkdtempSync(join(tmpdir(), 'sec-order-'));
  try {
    const trial = join(folder, process.platform === 'win32' ? 'sec.exe' : 'sec');
    build(trial);
    writeFileSync(join(folder, 'a.yaml'), 'section:\n    text: a value\n    number: 1\n    # a comment\n    list:\n        - item\n');
    const env = { ...process.env, HOME: folder, SEC_AGE_KEY: identity };
    run([trial, 'encrypt', '-i', '--age', recipient, 'a.yaml'], folder, env);
    run([trial, 'decrypt', 'a.yaml'], folder, { ...env, BUN_BYTECODE_ORDER_OUT: file });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run([program, ...args], cwd, env) {
  const { status, stderr, error } = spawnSync(program, args, { cwd, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args[0]}: ${error?.message ?? stderr}`);
}
