import { findConfig } from '../config/find.ts';
import { starterConfig, starterName } from '../config/starter.ts';
import type { Context } from '../context.ts';
import { SecError } from '../core/problem.ts';
import { ageKeysFile } from '../keys/age-places.ts';
import { age, generateIdentity } from '../keys/age.ts';
import type { Declaration } from './declaration.ts';

interface InitFlags {
  readonly age?: string;
  readonly here?: true;
  readonly json?: true;
}

/** `sec init`: an age key for this machine, and a first configuration. What is there already is left as it is. */
export function declareInit(program: Declaration, context: Context): void {
  program
    .command('init')
    .summary('make an age key for you, and a first .secretsrc.yaml')
    .description(
      'Makes what it takes to encrypt: an age key of your own, and a .secretsrc.yaml that says which files are locked for it. ' +
        'What is there already is used, and never overwritten.',
    )
    .option('-a, --age <recipient>', 'lock for this recipient of yours, and make no key')
    .option('--here', 'make .secretsrc.yaml in this folder even if one of a folder above holds here')
    .option('--json', 'print what was done as JSON')
    .action((flags: InitFlags) => init(context, flags));
}

async function init(context: Context, flags: InitFlags): Promise<void> {
  const key = givenKey(flags) ?? (await keyAtHand(context)) ?? (await makeKey(context));
  const config = (await configAtHand(context, key.recipient, flags)) ?? (await makeConfig(context, key.recipient));
  const done = { recipient: key.recipient, key: { file: key.file, made: key.file !== null }, config };
  await context.out(flags.json === true ? `${JSON.stringify(done, null, 2)}\n` : report(done));
}

interface Key {
  readonly recipient: string;
  /** The file that was made for it, `null` where the key was there before. */
  readonly file: string | null;
}

/** What rules hold here. */
interface ConfigState {
  readonly file: string;
  readonly made: boolean;
  /** Whether the recipient stands in it. */
  readonly namesYou: boolean;
}

function givenKey(flags: InitFlags): Key | null {
  return flags.age === undefined ? null : { recipient: age().parse(flags.age).label, file: null };
}

/** The first of the user's identities that are age's own. An SSH key does not count: it was made for something else. */
async function keyAtHand(context: Context): Promise<Key | null> {
  const { env, home, platform, hostname, files, programs, network } = context;
  const world = {
    env,
    home,
    platform,
    hostname,
    files,
    programs,
    network,
    configured: () => Promise.resolve([]),
    terminal: null,
    now: () => context.now(),
    memory: new Map<string, unknown>(),
  };
  const labels = await age().identities({ ...world, warn: (text) => warn(context, text) });
  const recipient = labels.find((label) => label.startsWith('age1'));
  return recipient === undefined ? null : { recipient, file: null };
}

/** @throws SecError where a file is there that nothing was found in: it may hold a key under a passphrase, or one that is damaged */
async function makeKey(context: Context): Promise<Key> {
  const file = ageKeysFile(context);
  if ((await context.files.stat(file)) !== null) {
    const hint = 'name the recipient that you want to use: sec init --age RECIPIENT';
    throw new SecError({ code: 'usage', message: `${file} is there, but holds no key that can be read without a passphrase`, hint });
  }
  const { text, recipient } = await generateIdentity(context.now());
  await create(context, file, text, 0o600);
  return { recipient, file };
}

/** A variable that asks for another configuration says nothing about this folder, so only what a search finds counts. */
async function configAtHand(context: Context, recipient: string, flags: InitFlags): Promise<ConfigState | null> {
  const { cwd, files } = context;
  const found = await findConfig({ env: {}, cwd, files, warn: (text) => warn(context, text) }, { flag: null, target: null });
  if (found === null || (flags.here === true && found.name !== configName)) return null;
  const content = await onDisk(() => files.read(found.file), { code: 'file-unreadable', file: found.name });
  return { file: found.name, made: false, namesYou: Buffer.from(content).includes(recipient) };
}

async function makeConfig(context: Context, recipient: string): Promise<ConfigState> {
  const person = starterName(context.env['USER'] ?? context.env['USERNAME'] ?? '');
  await create(context, configName, starterConfig(person, recipient), 0o644);
  return { file: configName, made: true, namesYou: true };
}

const configName = '.secretsrc.yaml';

async function create(context: Context, file: string, text: string, mode: number): Promise<void> {
  await onDisk(() => context.files.create(file, Buffer.from(text), mode), { code: 'file-unwritable', file });
}

async function onDisk<T>(
  act: () => Promise<T>,
  problem: { readonly code: 'file-unreadable' | 'file-unwritable'; readonly file: string },
): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    throw new SecError({ ...problem, reason: String(error.code) }, { cause: error });
  }
}

function report({ recipient, key, config }: { recipient: string; key: { file: string | null }; config: ConfigState }): string {
  const nothing = config.namesYou ? 'nothing to do' : 'nothing was made';
  const lines = [
    ...(key.file === null && !config.made ? [`${nothing}: you have a key, and ${config.file} holds here`] : []),
    ...(key.file === null ? [] : [`made a key for you: ${key.file}`, keepCopy]),
    ...(config.made ? [`made ${config.file}: files like secrets.yaml and .env are locked for you`] : []),
    `your recipient: ${recipient}`,
    config.namesYou
      ? 'next: sec edit secrets.yaml'
      : `next: add your recipient to ${config.file}, and have the files locked for you by someone who can read them`,
  ];
  return `${lines.join('\n')}\n`;
}

const keepCopy = 'keep a copy of it in a safe place: without it nobody opens what is locked for you alone';

function warn(context: Context, text: string): void {
  context.err(`sec: warning: ${text}`);
}
