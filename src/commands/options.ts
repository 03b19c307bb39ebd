import type { RecipientFlags } from '../config/environment.ts';
import type { SelectorKind } from '../core/selection.ts';
import type { PlanFlags } from '../secret-plan.ts';
import type { TargetOptions } from '../secret-target.ts';
import type { Declaration } from './declaration.ts';
import { type KeyFlags, withKeys } from './key-options.ts';

/** Options that several commands have, declared and read in one place. */

/** What decides how the file of a command line is read. */
export interface InputFlags {
  readonly as?: string;
  readonly inputType?: string;
  readonly filenameOverride?: string;
}

export interface TypeFlags extends InputFlags {
  readonly outputType?: string;
}

export interface OpenFlags extends KeyFlags {
  readonly ignoreMac?: boolean;
  readonly decryptionOrder?: string;
  readonly verbose?: boolean;
}

export function withInput(command: Declaration): Declaration {
  return command
    .option('--as <path>', 'take format and rule as if the file were there')
    .option('--input-type <type>', 'read as yaml, json, dotenv, ini or binary, whatever the name says');
}

/** Format and rule of the file of a command line. */
export function inputOptions({ as, inputType, filenameOverride }: InputFlags): TargetOptions {
  return { inputType: inputType ?? null, nameOverride: as ?? filenameOverride ?? null };
}

export function withTypes(command: Declaration): Declaration {
  return withInput(command)
    .option('--output-type <type>', 'write as yaml, json, dotenv, ini or binary')
    .option('--filename-override <name>', 'take format and rule from this name');
}

export function withOpening(command: Declaration): Declaration {
  return withKeys(command)
    .option('--ignore-mac', 'open the file though its MAC does not fit')
    .option('--decryption-order <kinds>', 'the kinds of keys to try first, e.g. age,kms')
    .option('--verbose', 'say on standard error that the file was opened');
}

export function openOptions(flags: OpenFlags): { readonly ignoreMac: boolean; readonly decryptionOrder: string | null } {
  return { ignoreMac: flags.ignoreMac ?? false, decryptionOrder: flags.decryptionOrder ?? null };
}

export interface NewFileFlags {
  readonly config?: string;
  readonly kms?: string;
  readonly gcpKms?: string;
  readonly hckms?: string;
  readonly azureKv?: string;
  readonly pgp?: string;
  readonly hcVaultTransit?: string;
  readonly age?: string;
  readonly awsProfile?: string;
  readonly encryptionContext?: string;
  readonly shamirSecretSharingThreshold?: string;
  readonly unencryptedSuffix?: string;
  readonly encryptedSuffix?: string;
  readonly unencryptedRegex?: string;
  readonly encryptedRegex?: string;
  readonly unencryptedCommentRegex?: string;
  readonly encryptedCommentRegex?: string;
  readonly macOnlyEncrypted?: boolean;
}

/** What decides for whom and how a new file is encrypted. */
export function withNewFile(command: Declaration): Declaration {
  return command
    .option('--config <file>', 'the configuration to use')
    .option('-a, --age <recipients>', 'age recipients, with commas')
    .option('-p, --pgp <fingerprints>', 'PGP fingerprints, with commas')
    .option('-k, --kms <arns>', 'AWS KMS keys, with commas')
    .option('--gcp-kms <ids>', 'Google Cloud KMS keys, with commas')
    .option('--hckms <ids>', 'HuaweiCloud KMS keys, with commas')
    .option('--azure-kv <urls>', 'Azure Key Vault keys, with commas')
    .option('--hc-vault-transit <uris>', 'Vault or OpenBao transit keys, with commas')
    .option('--aws-profile <name>', 'AWS profile to use, and to name in the file')
    .option('--encryption-context <pairs>', 'context for the AWS keys, e.g. app:web,stage:prod')
    .option('--shamir-secret-sharing-threshold <number>', 'how many key groups are needed')
    .option('--unencrypted-suffix <suffix>', 'leave values in the clear whose key ends so')
    .option('--encrypted-suffix <suffix>', 'encrypt only values whose key ends so')
    .option('--unencrypted-regex <re2>', 'leave values in the clear whose key matches')
    .option('--encrypted-regex <re2>', 'encrypt only values whose key matches')
    .option('--unencrypted-comment-regex <re2>', 'leave values in the clear whose comment matches')
    .option('--encrypted-comment-regex <re2>', 'encrypt only values whose comment matches')
    .option('--mac-only-encrypted', 'let the MAC cover only encrypted values');
}

export function planFlags(flags: NewFileFlags): PlanFlags {
  const threshold = Number(flags.shamirSecretSharingThreshold ?? '0');
  return {
    config: flags.config ?? null,
    recipients: recipientFlags(flags),
    selectors: selectorFlags(flags),
    macOnlyEncrypted: flags.macOnlyEncrypted ?? null,
    threshold: threshold === 0 ? null : threshold,
  };
}

/** What these options say of the identity that keys are used with. */
export function identityVariables({ awsProfile = '' }: NewFileFlags): Readonly<Record<string, string>> {
  return awsProfile === '' ? {} : { SEC_AWS_PROFILE: awsProfile };
}

function recipientFlags(flags: NewFileFlags): RecipientFlags {
  return {
    kms: flags.kms ?? null,
    gcpKms: flags.gcpKms ?? null,
    hckms: flags.hckms ?? null,
    azureKv: flags.azureKv ?? null,
    pgp: flags.pgp ?? null,
    hcVaultTransit: flags.hcVaultTransit ?? null,
    age: flags.age ?? null,
    awsProfile: flags.awsProfile ?? null,
    encryptionContext: flags.encryptionContext ?? null,
  };
}

function selectorFlags(flags: NewFileFlags): Partial<Record<SelectorKind, string>> {
  const texts = {
    unencrypted_suffix: flags.unencryptedSuffix,
    encrypted_suffix: flags.encryptedSuffix,
    unencrypted_regex: flags.unencryptedRegex,
    encrypted_regex: flags.encryptedRegex,
    unencrypted_comment_regex: flags.unencryptedCommentRegex,
    encrypted_comment_regex: flags.encryptedCommentRegex,
  };
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== undefined && text !== ''));
}
