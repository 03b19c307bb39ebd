// Holds the npm package to what people get: packs it, looks at it with publint and attw, installs it into empty folders, with and
// without the optional packages, and uses it there. Prints sizes, and writes what is in it to reports/sbom.json.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = mkdtempSync(join(tmpdir(), 'sec-package-'));
/** An identity for this check, and nothing else. */
const recipient = 'age1g08x4ahywkutj4vyd6c7tgt6u84z7js2q9m3k4nuqgkyrelnvq9saqvx9x';
const identity = 'AGE-SECRET-KEY-1S9HYQ6KYXMQZZZU3XSL3WXFUDMD0FV4482QV9Y62WRLA5Y2SQCUSPKXX5J';
const plain = 'db:\n    password: correct horse # since May\n';
const awsKey = 'arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-0000-0000-000000000000';

try {
  check();
  console.log('package: all is well');
} catch (error) {
  console.error(`package: ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function check() {
  run([process.execPath, 'scripts/build.mjs'], root);
  const archive = pack();
  run(['npx', 'publint', '--strict', archive], root);
  run(['npx', 'attw', archive, '--profile', 'esm-only'], root);
  const whole = install('whole', archive, []);
  const slim = install('slim', archive, ['--omit=optional']);
  for (const place of [whole, slim]) {
    useCommand(place);
    useLibrary(place);
  }
  useMissing(slim);
  listParts();
}

function pack() {
  const said = run(['npm', 'pack', '--json', '--ignore-scripts', '--pack-destination', folder], root);
  const [{ filename, size, unpackedSize, entryCount, files }] = JSON.parse(said);
  const odd = files
    .map(({ path }) => path)
    .filter((path) => /(?:^|\/)(?:\.env|test|reports|coverage)(?:\/|$)|\.(?:orig|map|log)$/.test(path));
  if (odd.length > 0) throw new Error(`it holds files that nobody needs: ${odd.join(', ')}`);
  if (size > 5e6) throw new Error(`it has ${mb(size)}, which is more than it should`);
  console.log(`package: ${mb(size)} packed, ${mb(unpackedSize)} unpacked, ${entryCount} files`);
  return join(folder, filename);
}

function install(name, archive, options) {
  const place = join(folder, name);
  mkdirSync(place);
  writeFileSync(join(place, 'package.json'), '{ "private": true, "type": "module" }\n');
  run(['npm', 'install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error', ...options, archive], place);
  const { packages } = JSON.parse(readFileSync(join(place, 'node_modules', '.package-lock.json'), 'utf8'));
  console.log(`package: ${name} install: ${Object.keys(packages).length - 1} dependencies, ${mb(sizeOf(join(place, 'node_modules')))}`);
  return place;
}

/** Through `npx`, as people call it. */
function useCommand(place) {
  writeFileSync(join(place, 'a.yaml'), plain);
  writeFileSync(join(place, 'key.txt'), `${identity}\n`, { mode: 0o600 });
  expectText(run(['npx', 'sec', '--version'], place), 'sec ', 'the version');
  writeFileSync(join(place, 'sealed.yaml'), run(['npx', 'sec', 'encrypt', '--age', recipient, 'a.yaml'], place));
  const opened = run(['npx', 'sec', 'decrypt', 'sealed.yaml'], place);
  if (opened !== plain) throw new Error('what npx sec encrypts, it does not decrypt to the same text');
}

function useLibrary(place) {
  const script = "const { openSecrets } = await import('sec-cli'); console.log(typeof openSecrets);";
  expectText(run([process.execPath, '--input-type=module', '-e', script], place), 'function', 'the library');
}

/** A key whose package was left out says which it is. */
function useMissing(place) {
  try {
    const found = createRequire(join(place, 'package.json')).resolve('@aws-sdk/client-kms');
    console.log(`package: not checked what a missing package is called, since it is not missing: ${found}`);
  } catch {
    expectText(saidFor(place, ['encrypt', '--kms', awsKey, 'a.yaml']), '@aws-sdk/client-kms', 'a key without its package');
  }
}

function saidFor(place, args) {
  const env = { ...environment(place), AWS_ACCESS_KEY_ID: 'AKIACHECK', AWS_SECRET_ACCESS_KEY: 'x', AWS_EC2_METADATA_DISABLED: 'true' };
  const { status, stderr } = spawnSync('npx', ['sec', ...args], { cwd: place, env, encoding: 'utf8' });
  if (status === 0) throw new Error(`sec ${args[0]} did what it cannot do`);
  return stderr;
}

function listParts() {
  const sbom = run(['npm', 'sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev'], root);
  mkdirSync(join(root, 'reports'), { recursive: true });
  writeFileSync(join(root, 'reports', 'sbom.json'), sbom);
  console.log(`package: ${JSON.parse(sbom).components.length} parts in reports/sbom.json`);
}

function expectText(text, wanted, what) {
  if (!text.includes(wanted)) throw new Error(`${what}: ${wanted} is not said, but: ${text}`);
}

function run([program, ...args], cwd) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    env: environment(cwd),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`${[program, ...args].join(' ')}: ${error?.message ?? `${stdout}${stderr}`}`);
  return stdout;
}

function environment(cwd) {
  const key = join(cwd, 'key.txt');
  // What an npm that runs this script has set is nothing that people have.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
  return { ...env, ...(existsSync(key) ? { SEC_AGE_KEY_FILE: key } : {}) };
}

function sizeOf(place) {
  return readdirSync(place, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + readFileSync(join(entry.parentPath, entry.name)).length, 0);
}

function mb(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
