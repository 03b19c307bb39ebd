// Builds sec as one file that needs no Node: standalone.mjs [PLATFORM…], into dist/standalone. Platforms: linux-x64, linux-arm64,
// darwin-x64, darwin-arm64, win32-x64; without one, that of this machine. Needs bun: SEC_BUN, or test/peers/install bun-1.4.5, or PATH.
//
// openpgp is not in it: its licence (LGPL) wants it replaceable. Keys of PGP go through gpg there.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { noteOrder } from './standalone/order.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = join(root, 'dist', 'standalone');

/** As Node and as bun name them. */
const targets = {
  'linux-x64': 'bun-linux-x64',
  'linux-arm64': 'bun-linux-arm64',
  'darwin-x64': 'bun-darwin-x64',
  'darwin-arm64': 'bun-darwin-arm64',
  'win32-x64': 'bun-windows-x64',
};

const asked = process.argv.slice(2);
const bun = findBun();
if (bun === null) fail('bun is missing: test/peers/install bun-1.4.5, or name it in SEC_BUN');
else {
  run([process.execPath, join(root, 'scripts', 'build.mjs'), 'cli']);
  mkdirSync(folder, { recursive: true });
  const here = `${process.platform}-${process.arch}`;
  const order = join(folder, 'order.txt');
  noteOrder((file) => compile(targets[here], file, []), order);
  for (const platform of asked.length > 0 ? asked : [here]) build(platform, order);
  rmSync(order);
  writeFileSync(join(folder, 'THIRD-PARTY-NOTICES.txt'), notices());
}

function build(platform, order) {
  const target = targets[platform];
  if (target === undefined) {
    fail(`no platform is called ${platform}: there are ${Object.keys(targets).join(', ')}`);
    return;
  }
  const file = join(folder, `sec-${platform}${platform.startsWith('win32') ? '.exe' : ''}`);
  compile(target, file, [`--bytecode-order=${order}`]);
  console.log(file);
}

function compile(target, file, more) {
  // What is compiled beforehand starts in half the time. Most calls are over before what runs hot was compiled again, so that begins later.
  const how = ['--compile', '--minify', '--bytecode', '--compile-jit-policy=4', '--format=cjs', `--target=${target}`, ...more];
  // bun would read variables, and code to run, from files of the folder that it is called in, which may be anybody's.
  const alone = ['dotenv', 'bunfig', 'tsconfig', 'package-json'].map((kind) => `--no-compile-autoload-${kind}`);
  run([bun, 'build', ...how, ...alone, '--external', 'openpgp', '--external', 'eckey-utils', join('bin', 'sec.cjs'), '--outfile', file]);
}

function run([program, ...args]) {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${[program, ...args].join(' ')}: ${error?.message ?? `${stdout}${stderr}`}`);
  return stdout;
}

function findBun() {
  const cache = process.env['SEC_PEERS'] ?? join(homedir(), '.cache', 'sec-peers');
  const places = [process.env['SEC_BUN'], join(cache, 'bun-1.4.5', 'bun')];
  const onPath = (process.env['PATH'] ?? '').split(delimiter).map((place) => join(place, 'bun'));
  return [...places, ...onPath].find((place) => place !== undefined && existsSync(place)) ?? null;
}

/** The licences of all that is in the file. */
function notices() {
  const listed = run([process.platform === 'win32' ? 'npm.cmd' : 'npm', 'ls', '--omit=dev', '--all', '--parseable']);
  const places = listed.split('\n').filter((place) => place.includes('node_modules') && existsSync(join(place, 'package.json')));
  return places
    .map((place) => {
      const { name, version, license } = JSON.parse(readFileSync(join(place, 'package.json'), 'utf8'));
      const files = readdirSync(place).filter((file) => /^(?:licen[cs]e|notice|copying)(?:[.-]|$)/i.test(file));
      return [`${name} ${version} (${license})`, ...files.map((file) => readFileSync(join(place, file), 'utf8').trim())].join('\n\n');
    })
    .join(`\n\n${'-'.repeat(80)}\n\n`);
}

function fail(message) {
  console.error(`standalone: ${message}`);
  process.exitCode = 1;
}
