// The folder in which is measured: keys, files, and a KMS that takes its time.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { plainText } from './data.mjs';
import { cleanEnvironment } from './programs.mjs';
import { filesOf } from './rows.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const kmsKey = 'arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-0000-0000-000000000000';
/** How long the KMS takes to answer. */
const kmsDelay = 100;

/** An identity for measurements, and nothing else. */
const recipient = 'age1g08x4ahywkutj4vyd6c7tgt6u84z7js2q9m3k4nuqgkyrelnvq9saqvx9x';
const identity = 'AGE-SECRET-KEY-1S9HYQ6KYXMQZZZU3XSL3WXFUDMD0FV4482QV9Y62WRLA5Y2SQCUSPKXX5J';

export class Stage {
  programs;
  kms = null;
  cwd;
  env;
  #fingerprint = null;

  constructor(folder, programs, kms) {
    this.cwd = folder;
    this.programs = programs;
    this.kms = kms.process;
    writeFileSync(join(folder, 'key.txt'), `${identity}\n`, { mode: 0o600 });
    writeFileSync(join(folder, '.sops.yaml'), `creation_rules:\n  - age: ${recipient}\n`);
    this.env = cleanEnvironment(folder, {
      SOPS_AGE_KEY_FILE: join(folder, 'key.txt'),
      GNUPGHOME: join(folder, 'gnupg'),
      AWS_ENDPOINT_URL: `http://127.0.0.1:${kms.port}`,
      AWS_ACCESS_KEY_ID: 'AKIABENCH',
      AWS_SECRET_ACCESS_KEY: 'x',
      AWS_EC2_METADATA_DISABLED: 'true',
    });
  }

  static async set(folder, programs) {
    return new Stage(folder, programs, await startKms());
  }

  strike() {
    this.kms.kill();
    if (this.#fingerprint !== null) spawnSync('gpgconf', ['--kill', 'all'], { env: this.env });
  }

  /** The command lines of a row, by program. */
  linesOf(row) {
    const files = row.folder === undefined ? this.#seal(row) : this.#fill(row);
    const prepare = row.prepare === undefined ? undefined : () => row.prepare(this.cwd);
    const names = Object.keys(this.programs).filter((name) => (name !== 'node' || row.hasNode) && !row.without?.includes(name));
    return Object.fromEntries(
      names.map((name) => {
        const argv = name === 'node' ? [] : row.argv({ name, recipient, files });
        return [name, { argv: [...this.programs[name], ...argv], prepare: name === 'node' ? undefined : prepare }];
      }),
    );
  }

  #seal({ format, shape, count, key = 'age' }) {
    if (format === undefined) return [];
    const { plain, sealed } = filesOf({ format, shape, count, key });
    if (!existsSync(join(this.cwd, plain))) writeFileSync(join(this.cwd, plain), plainText(format, shape, count));
    if (!existsSync(join(this.cwd, sealed))) this.#encrypt(plain, sealed, this.#recipientOf(key));
    return [sealed];
  }

  #fill({ folder: { name, count }, kms = false, format, shape, count: values }) {
    mkdirSync(join(this.cwd, name), { recursive: true });
    const plain = join(name, 'plain.yaml');
    writeFileSync(join(this.cwd, plain), plainText(format, shape, values));
    const files = Array.from({ length: count }, (_, index) => join(name, `${index}.yaml`));
    const first = join(name, 'first.yaml');
    this.#encrypt(plain, first, kms ? ['--kms', kmsKey] : ['--age', recipient]);
    const text = readFileSync(join(this.cwd, first), 'utf8');
    for (const [index, file] of files.entries()) writeFileSync(join(this.cwd, file), kms ? wrappedAgain(text, index) : text);
    return files;
  }

  #encrypt(plain, sealed, recipients) {
    this.#run([...this.programs.sec, 'encrypt', ...recipients, '--output', sealed, plain]);
  }

  #recipientOf(key) {
    if (key === 'age') return ['--age', recipient];
    this.#fingerprint ??= this.#makePgpKey();
    return ['--pgp', this.#fingerprint];
  }

  #makePgpKey() {
    mkdirSync(join(this.cwd, 'gnupg'), { mode: 0o700 });
    this.#run([
      'gpg',
      '--batch',
      '--quiet',
      '--passphrase',
      '',
      '--quick-generate-key',
      'bench@example.invalid',
      'future-default',
      'default',
      'never',
    ]);
    const listed = this.#run(['gpg', '--batch', '--with-colons', '--list-secret-keys']);
    return /^fpr:+([0-9A-F]+):/m.exec(listed)?.[1];
  }

  #run(argv) {
    const { status, stdout, stderr, error } = spawnSync(argv[0], argv.slice(1), { cwd: this.cwd, env: this.env, encoding: 'utf8' });
    if (status !== 0) throw new Error(`${argv.join(' ')} failed: ${error?.message ?? stderr}`);
    return stdout;
  }
}

/** The same data key, wrapped otherwise in each file: the stand-in looks at the last 32 bytes alone. */
function wrappedAgain(text, index) {
  return text.replace(/(?<=^ *enc: ).*$/m, (enc) => {
    const salt = Buffer.alloc(16, String(index).padStart(16, '0'));
    return Buffer.concat([salt, Buffer.from(enc, 'base64').subarray(-32)]).toString('base64');
  });
}

/** In a process of its own, since measuring waits for each command without looking at anything else. */
function startKms() {
  const child = spawn(process.execPath, [join(here, 'kms.mjs'), String(kmsDelay)], { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.stdout.once('data', (line) => done({ process: child, port: Number(line) }));
  });
}
