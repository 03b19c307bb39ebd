import { resolve } from 'node:path';

import { noRecipientFlags, recipientsFromEnvironment } from './config/environment.ts';
import type { RecipientSpec } from './config/recipients.ts';
import { findRule } from './config/rule.ts';
import { mannersOf } from './core/manners.ts';
import { SecError } from './core/problem.ts';
import type { MasterKey } from './keys/key.ts';
import { openSecretFile } from './secret-file.ts';
import type { OpenOptions, SecretFile, Session } from './secret-file.ts';
import { configFor, keyOf } from './secret-plan.ts';
import { recipientsOf } from './secret-recipients.ts';
import type { Target } from './secret-target.ts';

/**
 * The list of recipients in a file is not authenticated: whoever can change the file can put in a key of their own, or another file
 * in its place. What is written next would be theirs to read.
 */

/** Who may say whom a file is for. */
export interface Trust {
  /** `--trust-file-recipients`: the file itself. */
  readonly file: boolean;
  /** `--config`; `null` where it was not given. */
  readonly config: string | null;
}

/** Opens a file in order to write it again. @throws SecError as `openSecretFile`, and `strange-recipients` */
export async function openToChange(session: Session, target: Target, options: OpenOptions, trust: Trust): Promise<SecretFile> {
  const file = await openSecretFile(session, target, options);
  await refuseStrangers(session, target, recipientsOf(file.metadata, file.file).flat(), trust);
  return file;
}

/**
 * Refuses recipients that are named by nobody but the file. Where there is no rule for it, and the environment names nobody, there is
 * nothing to compare them with.
 *
 * @throws SecError `strange-recipients`, and as the configuration is read
 */
export async function refuseStrangers(session: Session, target: Target, keys: readonly MasterKey[], trust: Trust): Promise<void> {
  if (trust.file || mannersOf(session.context.calledAs).trustsFileRecipients || target.name === null) return;
  const named = await namedFor(session, target.name, trust.config);
  if (named === null) return;
  const known = new Set(named.keys.map(identityOf));
  const strangers = keys.filter((key) => !known.has(identityOf(key)));
  if (strangers.length === 0) return;
  throw new SecError({
    code: 'strange-recipients',
    file: target.file,
    recipients: strangers.map(({ label }) => label),
    rule: named.source,
  });
}

type NamedKey = Pick<MasterKey, 'kind' | 'label'>;

interface Named {
  readonly keys: readonly NamedKey[];
  readonly source: string;
}

async function namedFor(session: Session, name: string, flag: string | null): Promise<Named | null> {
  const config = await configFor(session, name, flag);
  const rule = config?.hasRules ? await findRule(config, resolve(session.context.cwd, name)) : null;
  const specs = rule?.groups.flat() ?? [];
  if (rule === null || specs.length === 0) return null;
  const given = recipientsFromEnvironment(session.context.env, noRecipientFlags) ?? [];
  return { keys: [...specs, ...given].map((spec) => namedKey(spec, name)), source: rule.source };
}

/** A key that nothing can be locked for may be named all the same. */
function namedKey(spec: RecipientSpec, name: string): NamedKey {
  try {
    return keyOf(spec, name);
  } catch (error) {
    if (!(error instanceof SecError) || !('text' in spec)) throw error;
    return { kind: spec.kind, label: spec.text };
  }
}

/** The key itself, without what only says how it is used: a role, a context, a version, a comment, a pinned subkey. */
function identityOf({ kind, label }: NamedKey): string {
  const key = label.trim();
  if (kind === 'kms') return key.replace(/[+|].*$/s, '');
  if (kind === 'azure_kv') return key.replace(/(\/keys\/[^/]+).*$/s, '$1').toLowerCase();
  if (kind === 'pgp')
    return key
      .replaceAll(' ', '')
      .replace(/^0x|!$/gi, '')
      .toUpperCase()
      .slice(-16);
  return kind === 'age' ? key.split(/\s+/).slice(0, 2).join(' ') : key;
}
