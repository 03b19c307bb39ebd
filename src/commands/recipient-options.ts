import { encryptionContext, recipientsFromText } from '../config/environment.ts';
import { kmsRecipient } from '../config/recipients.ts';
import type { RecipientKind } from '../config/recipients.ts';
import type { MasterKey } from '../keys/key.ts';
import { keyOf } from '../secret-plan.ts';
import type { Declaration } from './declaration.ts';

/** Options that add keys to a file and take them out, one of each kind (`sops-cli.md` §4). */

/** The end of each option's name, and its kind. */
const kinds: readonly (readonly [string, string, RecipientKind])[] = [
  ['age', 'age recipients', 'age'],
  ['pgp', 'PGP fingerprints', 'pgp'],
  ['kms', 'AWS KMS keys', 'kms'],
  ['gcp-kms', 'Google Cloud KMS keys', 'gcp_kms'],
  ['hckms', 'HuaweiCloud KMS keys', 'hckms'],
  ['azure-kv', 'Azure Key Vault keys', 'azure_kv'],
  ['hc-vault-transit', 'Vault or OpenBao transit keys', 'hc_vault'],
];

/** What commander gives for such options. */
export type RecipientFlagValues = Readonly<Record<string, unknown>>;

/** Declares `--PREFIXage`, `--PREFIXpgp` and so on, each with a list with commas. */
export function withRecipientOptions(command: Declaration, prefix: string, does: string): Declaration {
  for (const [name, what] of kinds) command.option(`--${prefix}${name} <list>`, `${does} these ${what}, with commas`);
  return command;
}

/** The keys that the options name. @throws SecError `bad-recipient`, `bad-encryption-context` */
export function recipientsGiven(flags: RecipientFlagValues, prefix: string): readonly MasterKey[] {
  const context = encryptionContext(textOf(flags['encryptionContext']));
  const profile = textOf(flags['awsProfile']);
  return kinds.flatMap(([name, , kind]) => {
    const text = textOf(flags[camel(prefix + name)]);
    const specs = text === '' ? [] : recipientsFromText(kind, text);
    return specs.map((spec) => keyOf(kind === 'kms' ? kmsRecipient(spec.text, profile, context) : spec, ''));
  });
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** As commander names the value of an option. */
function camel(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
