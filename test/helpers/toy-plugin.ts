import { onTestFinished } from 'vitest';
import { encodeBech32 } from '../../src/keys/bech32.ts';
import { tempFolder } from './temp-folder.ts';

/** Both halves of a key of the toy plugin: the same 16 bytes. */
const key = new Uint8Array(16).fill(7);
export const toyRecipient = encodeBech32('age1toy', key);
export const toyIdentity = encodeBech32('AGE-PLUGIN-TOY-', key);

/** How it behaves: it does its work, or what its name says before that, or in its place. */
export type ToyMood = 'works' | 'speaks' | 'asks' | 'asks twice' | 'confirms' | 'fails' | 'ends' | 'is strange' | 'has no key';

/**
 * A folder for PATH with the program `age-plugin-toy`, until the end of the test. It adds its key to each byte of a file key, and
 * writes each start of it as a line into `log`.
 */
export function toyPlugin(mood: ToyMood = 'works'): { readonly path: string; readonly log: string } {
  const folder = tempFolder();
  onTestFinished(folder.remove);
  const log = folder.write('log', '');
  folder.write(
    'age-plugin-toy',
    `#!${process.execPath}\nconst mood = ${JSON.stringify(mood)}, log = ${JSON.stringify(log)};\n${program}`,
    0o755,
  );
  return { path: `${folder.path}:${process.env['PATH'] ?? ''}`, log };
}

const program = `
const fs = require('fs');
const machine = process.argv[2];
fs.appendFileSync(log, machine + '\\n');
let text = '';
function line() {
  for (;;) {
    const end = text.indexOf('\\n');
    if (end >= 0) { const one = text.slice(0, end); text = text.slice(end + 1); return one; }
    const piece = Buffer.alloc(4096);
    let length = 0;
    try { length = fs.readSync(0, piece); } catch (error) { if (error.code !== 'EAGAIN') throw error; continue; }
    if (length === 0) process.exit(0);
    text += piece.subarray(0, length).toString('latin1');
  }
}
function hear() {
  const args = line().split(' ').slice(1);
  let body = '';
  for (;;) { const part = line(); body += part; if (part.length < 64) return { args, body: Buffer.from(body, 'base64') }; }
}
function say(args, body = Buffer.alloc(0)) {
  const parts = body.toString('base64').replace(/=+$/, '').match(/.{1,64}/g) ?? [];
  if (parts.length === 0 || parts.at(-1).length === 64) parts.push('');
  fs.writeSync(1, '-> ' + args.join(' ') + '\\n' + parts.join('\\n') + '\\n');
}
function ask(args, body) { say(args, Buffer.from(body)); return hear(); }
const heard = [];
for (let one = hear(); one.args[0] !== 'done'; one = hear()) heard.push(one);
console.error('what nobody should see');
if (mood === 'ends') process.exit(1);
if (mood === 'fails') { ask(['error', 'internal'], 'the toy is broken\\nreally'); say(['done']); process.exit(0); }
if (mood === 'speaks') ask(['msg'], 'touch the \\u001b[31mtoy');
if (mood === 'is strange' && ask(['x-new-thing', '1'], '').args[0] !== 'unsupported') process.exit(1);
if (mood === 'asks' || mood === 'asks twice') {
  let answer = ask(['request-secret'], 'PIN of the toy');
  if (mood === 'asks twice' && answer.body.toString() !== '1234') answer = ask(['request-secret'], 'PIN of the toy');
  if (answer.args[0] !== 'ok' || answer.body.toString() !== '1234') { ask(['error', 'internal'], 'the PIN was wrong'); say(['done']); process.exit(0); }
}
if (mood === 'confirms') {
  const answer = ask(['confirm', Buffer.from('go on').toString('base64'), Buffer.from('stop').toString('base64')], 'use the toy?');
  if (answer.args.join(' ') !== 'ok yes') { ask(['error', 'internal'], 'you said no'); say(['done']); process.exit(0); }
}
const shift = (body, by) => Buffer.from(body.map((byte) => byte + by));
for (const { args, body } of heard) {
  if (args[0] === 'wrap-file-key') ask(['recipient-stanza', '0', 'toy', 'x'.repeat(3)], Buffer.concat([shift(body, 7), Buffer.alloc(80, 1)]));
  if (args[0] === 'recipient-stanza' && args[2] === 'toy' && mood !== 'has no key') ask(['file-key', args[1]], shift(body.subarray(0, 16), -7));
}
say(['done']);
`;
