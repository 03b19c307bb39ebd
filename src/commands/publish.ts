import { basename, extname, join, relative, resolve } from 'node:path';

import type { DestinationPlace, DestinationRule } from '../config/destination.ts';
import type { Context } from '../context.ts';
import { compileExpression } from '../core/expression.ts';
import { mannersOf } from '../core/manners.ts';
import { SecError } from '../core/problem.ts';
import { inspectFile, openSecretFile, startSession, type SecretFile, type Session } from '../secret-file.ts';
import { configFor, keyOf } from '../secret-plan.ts';
import { compareRecipients, describeChanges, recipientsOf, rotateFile } from '../secret-recipients.ts';
import { readTarget } from '../secret-target.ts';
import type { Destination } from '../sync/destination.ts';
import { valuesAsJson } from '../sync/values.ts';
import { logLine } from '../terminal/log-line.ts';
import { askYesOrNo } from './ask-yes-no.ts';
import type { Declaration } from './declaration.ts';
import { keyVariables, withKeys, type KeyFlags } from './key-options.ts';

interface PublishFlags extends KeyFlags {
  readonly yes?: boolean;
  readonly recursive?: boolean;
  readonly omitExtensions?: boolean;
  readonly decryptionOrder?: string;
  readonly config?: string;
  readonly verbose?: boolean;
}

/** `docs/commands/publish.md`. */
export function declarePublish(program: Declaration, context: Context): void {
  withKeys(program.command('publish'))
    .summary('copy an encrypted file to a bucket, or its values to Vault')
    .argument('<file>', 'the encrypted file, or a folder of them')
    .option('-y, --yes', 'do not ask')
    .option('--recursive', 'publish all files of a folder')
    .option('--omit-extensions', 'leave the last ending of each name out')
    .option('--decryption-order <kinds>', 'the kinds of keys to try first, e.g. age,kms')
    .option('--config <file>', 'the configuration to use')
    .option('--verbose', 'say on standard error what is there already')
    .action((file: string, flags: PublishFlags) => publish(context, file, flags));
}

async function publish(context: Context, path: string, flags: PublishFlags): Promise<void> {
  const session = startSession(context, keyVariables(flags));
  const config = await configFor(session, path, flags.config ?? null);
  if (config === null) throw new SecError({ code: 'no-destination', file: path, reason: 'config file not found' });
  const stat = await context.files.stat(path);
  if (stat?.kind !== 'folder') {
    await publishOne(session, { path, name: basename(path), rules: config.destinations }, flags);
    return;
  }
  if (!flags.recursive) throw new SecError({ code: 'usage', message: `${path} is a folder: publish what is in it with --recursive` });
  for (const file of await filesBelow(context.files, path)) {
    await publishOne(session, { path: file, name: relative(path, file), rules: config.destinations }, flags);
  }
}

async function filesBelow(files: Context['files'], folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of await files.list(folder)) {
    const path = join(folder, name);
    const kind = (await files.stat(path))?.kind;
    if (kind === 'folder') found.push(...(await filesBelow(files, path)));
    else if (kind === 'file') found.push(path);
  }
  return found;
}

interface Publishing {
  /** As it was typed. */
  readonly path: string;
  readonly name: string;
  readonly rules: readonly DestinationRule[];
}

async function publishOne(session: Session, { path, name, rules }: Publishing, flags: PublishFlags): Promise<void> {
  const { rule, place } = await placeFor(path, rules);
  const target = await readTarget(session, path, { inputType: null, nameOverride: null });
  inspectFile(target);
  const destination = await connect(place, session);
  const isShort = (flags.omitExtensions ?? false) || rule.omitExtensions;
  const shortName = isShort ? name.slice(0, name.length - extname(name).length) : name;
  const open = (): Promise<SecretFile> =>
    openSecretFile(session, target, { ignoreMac: false, decryptionOrder: flags.decryptionOrder ?? null });
  const content = destination.takesPlain ? valuesAsJson(await open()) : await sealedContent(session, target.bytes, { path, rule, open });
  if (!flags.yes && !(await confirmed(session, resolve(session.context.cwd, path), destination.labelFor(shortName)))) {
    if (flags.recursive) return;
    throw new SecError({ code: 'usage', message: 'Publication canceled' });
  }
  const isNew = await destination.put(shortName, content);
  if (!isNew && flags.verbose) tell(session.context, `${destination.labelFor(shortName)} has these values already`);
}

/** @throws SecError `no-destination`, `bad-expression` */
async function placeFor(
  path: string,
  rules: readonly DestinationRule[],
): Promise<{ readonly rule: DestinationRule; readonly place: DestinationPlace }> {
  for (const rule of rules) {
    const isFor = rule.path === null || (await compileExpression(rule.path, `path_regex in ${rule.source}`))(path);
    if (!isFor) continue;
    const [place, ...more] = rule.places;
    if (place === undefined) throw new SecError({ code: 'no-destination', file: path, reason: `${rule.source} names no place` });
    if (more.length > 0) throw new SecError({ code: 'no-destination', file: path, reason: `${rule.source} names more than one place` });
    return { rule, place };
  }
  throw new SecError({ code: 'no-destination', file: path, reason: 'no matching destination found in config' });
}

async function connect(place: DestinationPlace, { keys }: Session): Promise<Destination> {
  switch (place.kind) {
    case 's3':
      return (await import('../sync/s3.ts')).s3Bucket(place.bucket, place.prefix, keys);
    case 'gcs':
      return (await import('../sync/gcs.ts')).gcsBucket(place.bucket, place.prefix, keys);
    case 'vault':
      return (await import('../sync/vault-kv.ts')).vaultKv(place, keys);
  }
}

interface Sealed {
  readonly path: string;
  readonly rule: DestinationRule;
  open(): Promise<SecretFile>;
}

/** The file as it is; under a new data key where the rule names keys of its own. What is encrypted in it stays encrypted. */
async function sealedContent(session: Session, bytes: Uint8Array, { path, rule, open }: Sealed): Promise<Uint8Array> {
  const recreation = rule.recreation();
  if (recreation === null || recreation.groups.flat().length === 0) return bytes;
  const file = await open();
  const groups = recreation.groups.map((group) => group.map((spec) => keyOf(spec, path)));
  const { context } = session;
  const changes = describeChanges(compareRecipients(recipientsOf(file.metadata, path), groups));
  if (mannersOf(context.calledAs).speaksAsSops)
    await context.out(`The following changes will be made to the file's key groups:\n${changes}\n`);
  else context.err(`${path}:\n${changes}`);
  return (await rotateFile(session, file, { groups, threshold: recreation.shamirThreshold })).bytes;
}

async function confirmed({ context }: Session, source: string, label: string): Promise<boolean> {
  if (mannersOf(context.calledAs).speaksAsSops) return askYesOrNo(context, `uploading ${source} to ${label} ? (y/n): `);
  if (context.terminal !== null) return context.terminal.confirm(`Publish ${source} to ${label}?`, false);
  throw new SecError({
    code: 'no-terminal',
    message: `nobody is there to confirm the publishing of ${source}`,
    hint: 'confirm with: --yes',
  });
}

function tell(context: Context, text: string): void {
  context.err(mannersOf(context.calledAs).speaksAsSops ? logLine('PUBLISH', 'info', text, context.now()) : `sec: ${text}`);
}
