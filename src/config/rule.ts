import { sep } from 'node:path';
import { compileExpression } from '../core/expression.ts';
import { SecError } from '../core/problem.ts';
import { selectorKinds, type Selector } from '../core/selection.ts';
import type { Refuse } from './people.ts';
import { flatRecipients, groupRecipients, kmsRecipient, type RecipientSpec, type Resolve, type TextRecipient } from './recipients.ts';
import type { RuleData } from './schema.ts';
import { wholeNumber, yesNo } from './values.ts';

/** What a configuration says about a file that is encrypted anew. */
export interface Rule {
  /** The recipients by group. Without groups it is one, which is empty where the rule names nobody. */
  readonly groups: readonly (readonly RecipientSpec[])[];
  /** How many groups are needed; `null` where the rule does not say. */
  readonly shamirThreshold: number | null;
  /** `null` where the rule has none, so that the default holds. */
  readonly selector: Selector | null;
  readonly macOnlyEncrypted: boolean;
  /** Where it stands, for messages: `creation_rules[0] of .secretsrc.yaml`. */
  readonly source: string;
}

/** A rule and the paths that it is for. */
export interface RuleEntry {
  /** An expression; `null` for a rule that takes every path. */
  readonly path: string | null;
  /** What is wrong in a rule counts where the rule is used, as in sops. @throws SecError `bad-config` */
  rule(): Rule;
  readonly source: string;
}

/** Rules, and the folder that their paths start from. */
export interface Rules {
  readonly name: string;
  readonly folder: string;
  readonly rules: readonly RuleEntry[];
}

/**
 * The first rule for a path (`sops-format.md` §17.3), or `null`. Its expressions are known to be good.
 *
 * @param path absolute: of the file, or of the name that stands for it
 * @throws SecError `bad-expression`, `bad-config`
 */
export async function findRule(config: Rules, path: string): Promise<Rule | null> {
  const inner = path.startsWith(config.folder + sep) ? path.slice(config.folder.length + sep.length) : path;
  for (const entry of config.rules) {
    if (entry.path === null || (await matches(entry.path, inner, entry.source))) return checked(entry.rule());
  }
  return null;
}

async function matches(expression: string, path: string, source: string): Promise<boolean> {
  const test = await compileExpression(expression, `path_regex in ${source}`);
  return test(path);
}

/**
 * The same where a rule is needed.
 *
 * @param name the file for messages
 * @throws SecError `no-rule`, `bad-expression`, `bad-config`
 */
export async function ruleFor(config: Rules, path: string, name: string): Promise<Rule> {
  const rule = await findRule(config, path);
  if (rule === null) throw new SecError({ code: 'no-rule', file: name, config: config.name });
  return rule;
}

async function checked(rule: Rule): Promise<Rule> {
  const { selector, source } = rule;
  if (selector?.kind.endsWith('_regex') === true) await compileExpression(selector.text, `${selector.kind} in ${source}`);
  return rule;
}

/** A rule from its data. @throws what `refuse` and `resolve` throw */
export function readRule(
  data: RuleData,
  at: string,
  file: string,
  { refuse, resolve }: { readonly refuse: Refuse; readonly resolve: Resolve },
): Rule {
  return {
    groups: groupsOf(data, at, resolve),
    shamirThreshold: wholeNumber(data.shamir_threshold),
    selector: selectorOf(data, at, refuse),
    macOnlyEncrypted: yesNo(data.mac_only_encrypted),
    source: `${at} of ${file}`,
  };
}

/** Where there are groups, the keys beside them count for nothing. */
function groupsOf(data: RuleData, at: string, resolve: Resolve): RecipientSpec[][] {
  const groups = data.key_groups ?? [];
  if (groups.length > 0) return groups.map((group, i) => groupRecipients(group, `${at}.key_groups[${i}]`, resolve));
  return [flatRecipients(data, at, resolve).map((recipient) => withProfile(recipient, data.aws_profile ?? ''))];
}

function withProfile(recipient: TextRecipient, profile: string): RecipientSpec {
  return recipient.kind === 'kms' ? kmsRecipient(recipient.text, profile, new Map()) : recipient;
}

/** An empty text is none. */
function selectorOf(data: RuleData, at: string, refuse: Refuse): Selector | null {
  const given = selectorKinds.flatMap((kind) => (data[kind] === undefined || data[kind] === '' ? [] : [{ kind, text: data[kind] }]));
  if (given.length > 1) refuse(at, `has ${given.map(({ kind }) => kind).join(' and ')}, of which it can have one`);
  return given[0] ?? null;
}
