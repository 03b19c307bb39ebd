import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { programPath } from './need.ts';
import { alice, bob, builtSec } from './sec.ts';
import { tempFolder } from './temp-folder.ts';

/** The same command lines for the real sops and for us under its name. */

/** What is not compared, and why: a difference that `docs/sops.md` tells. */
export interface Except {
  readonly what: readonly ('status' | 'out' | 'files')[];
  readonly why: string;
}

export interface DropInCase {
  /** What a row of the table in `docs/sops.md` calls it. */
  readonly name: string;
  /** Lines for a shell, in which `sops` is the one or the other. */
  readonly lines: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Beside those of every case. */
  readonly files?: Readonly<Record<string, string>>;
  /** Whether standard error is compared, too. */
  readonly err?: boolean;
  readonly except?: Except;
}

/** What became of the lines. */
export interface Seen {
  readonly lines: readonly { readonly status: number | null; readonly out: string; readonly err: string }[];
  /** All files of the folder, sealed ones opened. */
  readonly files: Readonly<Record<string, string>>;
}

export interface DropIn {
  run(side: 'theirs' | 'ours', one: DropInCase): Seen;
  remove(): void;
}

const release = 'sops-3.13.3';

/** In the layout that sops prints, so that texts can be compared. */
const plain: Readonly<Record<string, string>> = {
  'p.yaml': 'a: 1\nb:\n    - x\n    - y\nc:\n    d: text\n    e: true\n# note\nf: 1.5\nn: null\n',
  'p.json': '{\n\t"a": 1,\n\t"b": [\n\t\t"x",\n\t\t"y"\n\t],\n\t"c": {\n\t\t"d": "text"\n\t}\n}\n',
  'p.env': 'A=1\nB=two words\n#note\nC=a\\nb\n',
  'p.ini': '[one]\na = 1\nb = text\n\n[two]\nc = x\n',
  'p.txt': 'just text\nwith lines\n',
  'flat.yaml': 'a: 1\ns: text\nn: null\nt: true\nr: 1.50\nml: |\n    x\n    y\n',
  'm.yaml': 'a: 1\n---\nb: 2\n',
};

/** Makes the sealed files once, with the real sops. */
export function startDropIn(): DropIn {
  const folder = tempFolder();
  const bins = { theirs: folder.at('theirs'), ours: folder.at('ours') };
  for (const path of Object.values(bins)) mkdirSync(path);
  symlinkSync(programPath(release), join(bins.theirs, 'sops'));
  symlinkSync(builtSec(), join(bins.ours, 'sops'));
  const world = { root: folder.path, bins };
  const sealed = sealAll(world);
  let runs = 0;
  return {
    run: (side, one) => {
      runs += 1;
      return runCase({ ...world, place: `run-${runs}`, side }, { ...plain, ...sealed, ...one.files }, one);
    },
    remove: folder.remove,
  };
}

interface World {
  readonly root: string;
  readonly bins: Readonly<Record<'theirs' | 'ours', string>>;
}

interface Place extends World {
  readonly place: string;
  readonly side: 'theirs' | 'ours';
}

function sealAll(world: World): Readonly<Record<string, string>> {
  const config = JSON.stringify({
    creation_rules: [
      { shamir_threshold: 2, key_groups: [{ age: [alice.recipient] }, { age: [bob.recipient] }, { age: [alice.recipient] }] },
    ],
  });
  const seal = (name: string, args: readonly string[]): string => {
    const work = makeFolder({ ...world, place: `seal-${name}`, side: 'theirs' }, { ...plain, 'groups.json': config });
    return execFileSync(join(world.bins.theirs, 'sops'), [...args, name], { cwd: work.path, env: work.env, encoding: 'utf8' });
  };
  const forAlice = Object.keys(plain).map((name): readonly [string, string] => [
    name.replace(/^p\./, 'e.').replace(/^(flat|m)\./, 'e-$1.'),
    seal(name, ['encrypt', '--age', alice.recipient]),
  ]);
  return {
    ...Object.fromEntries<string>(forAlice),
    'e-groups.yaml': seal('p.yaml', ['--config', 'groups.json', 'encrypt']),
    'e-bob.yaml': seal('p.yaml', ['encrypt', '--age', bob.recipient]),
    'e-both.yaml': seal('p.yaml', ['encrypt', '--age', `${alice.recipient},${bob.recipient}`]),
  };
}

interface Folder {
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
}

function makeFolder({ root, bins, place, side }: Place, files: Readonly<Record<string, string>>): Folder {
  const path = join(root, place, 'work');
  mkdirSync(path, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text, { mode: name.endsWith('.sh') ? 0o755 : 0o644 });
  }
  const home = join(root, place, 'home');
  mkdirSync(home, { recursive: true });
  const env = {
    PATH: `${bins[side]}:${dirname(process.execPath)}:/usr/bin:/bin`,
    HOME: home,
    TMPDIR: home,
    SOPS_AGE_KEY: alice.identity,
    SOPS_DISABLE_VERSION_CHECK: 'true',
    A: alice.recipient,
    B: bob.recipient,
    BOB: bob.identity,
  };
  return { path, env };
}

function runCase(place: Place, files: Readonly<Record<string, string>>, { lines, env }: DropInCase): Seen {
  const folder = makeFolder(place, files);
  const clean = (text: string): string => cleaned(text, join(place.root, place.place));
  const seen = lines.map((line) => {
    const options = { cwd: folder.path, env: { ...folder.env, ...env }, encoding: 'utf8', input: '', timeout: 60_000 } as const;
    const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', line], options);
    return { status, out: clean(opened(stdout, place)), err: clean(stderr) };
  });
  return { lines: seen, files: changedFiles(folder.path, files, place) };
}

/** Without what differs from run to run. */
function cleaned(text: string, folder: string): string {
  return text
    .replaceAll(folder, '/FOLDER')
    .replaceAll(/time="[^"]*"/g, 'time="T"')
    .replaceAll(/\/FOLDER\/home\/\.sops\d+|\/dev\/shm\/sec-\w+/g, '/PRIVATE')
    .replaceAll(/tmp-file\d+/g, 'tmp-fileN');
}

function changedFiles(folder: string, before: Readonly<Record<string, string>>, place: Place): Readonly<Record<string, string>> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(folder, name)).isFile());
  const now = names.sort().map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const);
  const gone = Object.keys(before).filter((name) => !existsSync(join(folder, name)));
  const changed = now.filter(([name, text]) => before[name] !== text).map(([name, text]) => [name, opened(text, place)] as const);
  return Object.fromEntries([...changed, ...gone.map((name) => [name, '(gone)'] as const)]);
}

/** A sealed text as the real sops reads it, and what its block says of itself. Any other text is given as it is. */
function opened(text: string, { root, bins, place }: Place): string {
  const type = typeOf(text);
  if (type === null) return text;
  const path = join(root, place, 'sealed');
  writeFileSync(path, text);
  const env = { HOME: join(root, place, 'home'), SOPS_AGE_KEY: `${alice.identity}\n${bob.identity}`, SOPS_DISABLE_VERSION_CHECK: 'true' };
  const args = ['decrypt', '--input-type', type, '--output-type', type, path];
  const { status, stdout, stderr } = spawnSync(join(bins.theirs, 'sops'), args, { env, encoding: 'utf8', cwd: root });
  return `sealed ${type}, ${status === 0 ? `opens to:\n${stdout}` : `does not open: ${stderr}`}${facts(text).join('\n')}\n`;
}

function typeOf(text: string): string | null {
  if (!/sops/.test(text) || !/lastmodified/.test(text)) return null;
  if (/^\s*\{/.test(text)) return 'json';
  if (/^sops_/m.test(text)) return 'dotenv';
  return /^\[sops\]/m.test(text) ? 'ini' : 'yaml';
}

/** Which values are sealed, for whom, and by what rule. */
function facts(text: string): readonly string[] {
  // Our own note on the layout is nothing that sops would have.
  const sealed = (text.replaceAll(/(?:map_)?layout\W+ENC\[[^\]]*\]/g, '').match(/ENC\[/g) ?? []).length;
  const isWhole = /^\s*\{\s*"data"/.test(text);
  const words =
    text.match(
      /age1[a-z0-9]{20,}|(?:un)?encrypted_(?:suffix|regex|comment_regex)|mac_only_encrypted|shamir_threshold\W+\d+|version\W+[\d.]+/g,
    ) ?? [];
  const told = words.filter((word) => !isWhole || !/crypted_/.test(word));
  return [`${sealed} sealed`, ...told.map((word) => word.replaceAll(/["\s:=]+/g, ' ')).sort()];
}
