import { resolve } from 'node:path';

import { recipientsFromEnvironment } from './config/environment.ts';
import type { RecipientFlags } from './config/environment.ts';
import { loadConfig } from './config/read.ts';
import type { Config } from './config/read.ts';
import type { RecipientSpec } from './config/recipients.ts';
import { findRule } from './config/rule.ts';
import type { Rule } from './config/rule.ts';
import { SecError } from './core/problem.ts';
import { oneSelector } from './core/selection.ts';
import type { SelectorKind } from './core/selection.ts';
import type { FormatName } from './formats/format.ts';
import { providerOf } from './keys/index.ts';
import { completed, type MasterKey } from './keys/key.ts';
import type { Session } from './secret-file.ts';
import type { SealPlan } from './secret-seal.ts';

/** For whom a new file is sealed: by flags and variables first, by the rule of its path else (`sops-cli.md` §§8–9). */

export interface PlanFlags {
  /** `--config`; `null` where it was not given. */
  readonly config: string | null;
  readonly recipients: RecipientFlags;
  readonly selectors: Readonly<Partial<Record<SelectorKind, string>>>;
  /** `null` where it was not given. */
  readonly macOnlyEncrypted: boolean | null;
  readonly threshold: number | null;
}

/**
 * @param name the path, or the name that stands for it
 * @throws SecError `no-recipients`, `no-rule`, `empty-group`, `bad-recipient`, `selectors-conflict`, and as the configuration is read
 */
export async function planFor(session: Session, name: string, flags: PlanFlags): Promise<SealPlan> {
  const given = recipientsFromEnvironment(session.context.env, flags.recipients);
  const config = await configFor(session, name, flags.config);
  const rule = config?.hasRules ? await findRule(config, resolve(session.context.cwd, name)) : null;
  const specs = given === null ? groupsOf(rule, config, name) : [given];
  const keys = specs.map((group) => group.map((spec) => keyOf(spec, name)));
  const groups = await Promise.all(keys.map((group) => completed(group, session.keys)));
  return {
    groups,
    threshold: flags.threshold ?? rule?.shamirThreshold ?? null,
    selector: oneSelector({ ...selectorOf(rule), ...flags.selectors }, name),
    macOnlyEncrypted: flags.macOnlyEncrypted ?? rule?.macOnlyEncrypted ?? false,
  };
}

/** The configuration of a file, or `null`. @throws SecError `bad-config` */
export async function configFor({ context }: Session, target: string | null, flag: string | null): Promise<Config | null> {
  const { parsePlainYaml } = await import('./formats/yaml/plain.ts');
  const world = {
    calledAs: context.calledAs,
    env: context.env,
    cwd: context.cwd,
    files: context.files,
    warn: (text: string) => context.err(text),
  };
  return loadConfig(world, { flag, target: target === null ? null : resolve(context.cwd, target) }, parsePlainYaml);
}

/**
 * The indentation of newly printed text: by the flag, else by the `stores` of the configuration. A broken configuration never keeps
 * anybody from reading, so it counts as none here.
 */
export async function indentFor(session: Session, target: string, format: FormatName, flags: IndentFlags): Promise<number | null> {
  if (flags.indent !== null) return wholeIndent(flags.indent);
  if (format === 'dotenv' || format === 'ini') return null;
  try {
    return (await configFor(session, target, flags.config))?.indents[format] ?? null;
  } catch (error) {
    if (error instanceof SecError) return null;
    throw error;
  }
}

export interface IndentFlags {
  readonly config: string | null;
  /** The text of `--indent`. */
  readonly indent: string | null;
}

function wholeIndent(text: string): number {
  if (/^-?\d{1,3}$/.test(text)) return Number(text);
  throw new SecError({ code: 'usage', message: '--indent takes a whole number of columns' });
}

function groupsOf(rule: Rule | null, config: Config | null, file: string): Rule['groups'] {
  if (rule !== null) return rule.groups;
  if (config?.hasRules) throw new SecError({ code: 'no-rule', file, config: config.name });
  throw new SecError({ code: 'no-recipients', file });
}

function selectorOf(rule: Rule | null): Partial<Record<SelectorKind, string>> {
  return rule?.selector ? { [rule.selector.kind]: rule.selector.text } : {};
}

/** @throws SecError `bad-recipient`, and `bad-metadata` for a kind that cannot be used */
export function keyOf(spec: RecipientSpec, file: string): MasterKey {
  const provider = providerOf(spec.kind);
  return 'text' in spec ? provider.parse(spec.text) : provider.read({ kind: spec.kind, fields: spec.fields }, file);
}
