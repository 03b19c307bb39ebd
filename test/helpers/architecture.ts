import { importsOf, withoutTexts, type Source } from './source.ts';

/** A rule of the house: the sources in, what breaks it out, one line each. */
export type HouseRule = (sources: readonly Source[]) => readonly string[];

/** The rooms of `src/`, and which rooms each may look into besides itself. `*` is all of them. Who is not here has no place yet. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  core: [],
  formats: ['core'],
  keys: ['core', 'shell-words'],
  config: ['core'],
  terminal: ['core', 'shell-words'],
  // Both key commands and editors are split, and a package has one home.
  'shell-words': [],
  'exit-codes': ['core'],
  'secret-file': ['formats', 'keys', 'config', 'core'],
  git: ['secret-file', 'core'],
  sync: ['secret-file', 'config', 'keys', 'core'],
  // Command lines as sops reads them.
  sops: ['core', 'config', 'terminal', 'secret-file'],
  commands: ['core', 'formats', 'keys', 'config', 'terminal', 'secret-file', 'git', 'sync', 'sops'],
  context: ['core'],
  'node-context': ['*'],
  main: ['*'],
  cli: ['*'],
  index: ['*'],
};

/** The one home of each package. Everyone else asks the home. */
const homes: Readonly<Record<string, RegExp>> = {
  '@aws-sdk/client-s3': /^src\/sync\/s3\.ts$/,
  '@aws-sdk/client-kms': /^src\/keys\/aws[^/]*$/,
  '@aws-sdk/credential-providers': /^src\/keys\/aws[^/]*$/,
  '@grpc/grpc-js': /^src\/keys\/service-/,
  '@azure/identity': /^src\/keys\/azure[^/]*$/,
  '@azure/keyvault-keys': /^src\/keys\/azure[^/]*$/,
  '@google-cloud/kms': /^src\/keys\/gcp[^/]*$/,
  '@noble/ciphers': /^src\/keys\//,
  '@noble/curves': /^src\/keys\//,
  '@noble/hashes': /^src\/keys\//,
  '@scure/base': /^src\/keys\//,
  'age-encryption': /^src\/keys\/age[^/]*$/,
  'google-auth-library': /^src\/keys\/gcp[^/]*$/,
  commander: /^src\/(commands\/|main\.ts$)/,
  inquirer: /^src\/terminal\/prompt\.ts$/,
  'jsonc-parser': /^src\/formats\/json[^/]*$/,
  pg: /^src\/secret-audit\.ts$/,
  openpgp: /^src\/keys\/pgp[^/]*$/,
  re2js: /^src\/core\//,
  'shamir-secret-sharing': /^src\/keys\/groups\.ts$/,
  shlex: /^src\/shell-words\.ts$/,
  sshpk: /^src\/keys\//,
  'write-file-atomic': /^src\/node-[^/]*$/,
  yaml: /^src\/formats\/yaml\//,
  zod: /^src\/config\//,
};

/** Packages that cost a start tens of milliseconds: loaded by the call that needs them. */
const heavy: readonly string[] = [
  '@aws-sdk/client-kms',
  '@aws-sdk/client-s3',
  '@aws-sdk/credential-providers',
  '@azure/identity',
  '@azure/keyvault-keys',
  '@google-cloud/kms',
  '@grpc/grpc-js',
  'age-encryption',
  'commander',
  'google-auth-library',
  'inquirer',
  'openpgp',
  'pg',
  're2js',
  'sshpk',
];

/** Modules of Node that only compute. All others reach the outside world. */
const pureModules: readonly string[] = ['node:async_hooks', 'node:buffer', 'node:crypto', 'node:path', 'node:util', 'node:string_decoder'];

/** Words of the outside world, and who may say them: the files that are the outside world. */
const worldWords =
  /(?<![.\w'])(process|fetch|console|setTimeout|setInterval)\b(?!\??:)|\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bperformance\.now\b/;
const randomness = /\b(randomBytes|randomInt|randomUUID|randomFillSync|randomFill|getRandomValues)\b/;

/** No room is for what belongs nowhere. */
const namesOfNothing = /^(utils?|helpers?|common|shared|lib|types|services|misc)(\.ts)?$/;

/** A room imports only the rooms that it may look into, and of the context only the types. */
export const importDirections: HouseRule = (sources) =>
  sources.flatMap(({ path, text }) => {
    const from = roomOf(path);
    const seen = rooms[from];
    if (seen === undefined) return [`${path}: belongs to no room of test/helpers/architecture.ts`];
    return importsOf({ path, text })
      .filter(({ target }) => target.startsWith('src/'))
      .filter(({ target, kind }) => !mayLook(from, seen, roomOf(target), kind))
      .map(({ target, kind }) => `${path}: ${from} may not import ${kind === 'type' ? 'types of ' : ''}${target}`);
  });

/** A command never imports another: those are the files that `commands/index.ts` lists. */
export const commandsAreAlone: HouseRule = (sources) => {
  const index = sources.find(({ path }) => path === 'src/commands/index.ts');
  const imports = index === undefined ? [] : importsOf(index);
  const listed = imports.filter(({ kind }) => kind !== 'type').map(({ target }) => target);
  const commands = new Set(listed.filter((target) => target.startsWith('src/commands/')));
  return sources
    .filter(({ path }) => path.startsWith('src/commands/') && path !== 'src/commands/index.ts')
    .flatMap((source) => importsOf(source).map(({ target }) => ({ path: source.path, target })))
    .filter(({ target }) => commands.has(target))
    .map(({ path, target }) => `${path}: imports the command ${target}`);
};

/** A package has one home. */
export const packageHomes: HouseRule = (sources) =>
  packageImports(sources).flatMap(({ path, name }) => {
    const home = homes[name];
    if (home === undefined) return [`${path}: ${name} has no home in test/helpers/architecture.ts`];
    return home.test(path) ? [] : [`${path}: imports ${name}, which lives elsewhere`];
  });

/** A heavy package is loaded by the call that needs it. */
export const heavyPackagesAreLazy: HouseRule = (sources) =>
  packageImports(sources)
    .filter(({ name, kind }) => heavy.includes(name) && kind === 'value')
    .map(({ path, name }) => `${path}: imports ${name} at its top: use await import('${name}') where it is called`);

/** A start loads our code and Node's, and no package. */
export const startIsLight: HouseRule = (sources) => {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const loaded = new Set(['src/cli.ts']);
  for (const path of loaded) {
    const source = byPath.get(path);
    if (source === undefined) continue;
    for (const { target, kind } of importsOf(source)) if (kind === 'value' && target.startsWith('src/')) loaded.add(target);
  }
  return packageImports(sources.filter(({ path }) => loaded.has(path)))
    .filter(({ kind }) => kind === 'value')
    .map(({ path, name }) => `${path}: is loaded by every start, and loads ${name}`);
};

/** Process, disk, programs, clock and randomness come from the context. */
export const worldIsContext: HouseRule = (sources) =>
  sources
    .filter(({ path }) => roomOf(path) !== 'node-context' && roomOf(path) !== 'cli')
    .flatMap((source) => [...forbiddenModules(source), ...forbiddenWords(source)]);

/** Built-in modules are imported by name, from `node:`, and `core` knows only `node:crypto` of them. */
export const builtInsByName: HouseRule = (sources) =>
  sources.flatMap((source) =>
    importsOf(source)
      .filter(({ target }) => target.startsWith('node:'))
      .flatMap(({ target, names, kind }) => [
        ...(kind === 'value' && !names.startsWith('{') ? [`${source.path}: imports all of ${target}: name what it needs`] : []),
        ...(roomOf(source.path) === 'core' && target !== 'node:crypto' ? [`${source.path}: core may not import ${target}`] : []),
      ]),
  );

/** Imports of our own files name the file. */
export const importsNameFiles: HouseRule = (sources) => {
  const paths = new Set(sources.map(({ path }) => path));
  return sources.flatMap((source) =>
    importsOf(source)
      .filter(({ target }) => target === '?' || (target.startsWith('src/') && !paths.has(target)))
      .map(({ target }) => `${source.path}: imports ${target}, which is no file of src/`),
  );
};

/** Every file and folder is named after what it is for. */
export const namesSayWhatFor: HouseRule = (sources) =>
  sources.flatMap(({ path }) =>
    path
      .split('/')
      .slice(1)
      .filter((name) => namesOfNothing.test(name))
      .map((name) => `${path}: ${name} says nothing`),
  );

/** No file is longer than 300 lines. */
export const filesFit: HouseRule = (sources) =>
  sources
    .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
    .filter(({ lines }) => lines > 300)
    .map(({ path, lines }) => `${path}: ${lines} lines`);

/** No `any`, and nothing that hides one from the compiler. */
export const noAny: HouseRule = (sources) =>
  sources.flatMap(({ path, text }) => {
    const isAny = /(?:[:<|&,(=]|\bas|\bextends)\s*(?:readonly\s+)?any\b/.test(withoutTexts(text));
    const isHidden = /@ts-(?:ignore|nocheck|expect-error)/.test(text);
    return isAny || isHidden ? [`${path}: ${isAny ? 'any' : 'a switched off compiler'}`] : [];
  });

function mayLook(from: string, seen: readonly string[], to: string, kind: string): boolean {
  if (to === 'context') return kind === 'type';
  return from === to || seen.includes('*') || seen.includes(to);
}

/** The folder right under `src/`, or the name of a file there; all of `node-*.ts` is one room, and so is all of `secret-*.ts`. */
function roomOf(path: string): string {
  const room = (path.split('/')[1] ?? '').replace(/\.ts$/, '');
  if (room.startsWith('node-')) return 'node-context';
  return room.startsWith('secret-') ? 'secret-file' : room;
}

function packageImports(sources: readonly Source[]): readonly { readonly path: string; readonly name: string; readonly kind: string }[] {
  return sources.flatMap((source) =>
    importsOf(source)
      .filter(({ target }) => !/^(?:src\/|node:|\?)/.test(target))
      .map(({ target, kind }) => ({ path: source.path, name: /^(?:@[^/]+\/)?[^/]+/.exec(target)?.[0] ?? target, kind })),
  );
}

function forbiddenModules(source: Source): readonly string[] {
  return importsOf(source)
    .filter(({ target, kind }) => target.startsWith('node:') && kind !== 'type' && !pureModules.includes(target))
    .map(({ target }) => `${source.path}: imports ${target}: that is the context's`);
}

function forbiddenWords({ path, text }: Source): readonly string[] {
  const code = withoutTexts(text);
  return [worldWords, randomness].flatMap((words) => {
    const found = words.exec(code);
    return found === null ? [] : [`${path}: says ${found[0]}: that is the context's`];
  });
}
