import type { Context } from '../context.ts';
import { SecError } from '../core/problem.ts';
import { kmsRecipient, recipientOf, type RecipientKind, type RecipientSpec } from './recipients.ts';
import { hides } from './words.ts';

/** The flags of sops that name recipients, as texts with commas; `null` where one was not given. An empty one silences its variable. */
export interface RecipientFlags {
  readonly kms: string | null;
  readonly gcpKms: string | null;
  readonly hckms: string | null;
  readonly azureKv: string | null;
  readonly pgp: string | null;
  readonly hcVaultTransit: string | null;
  readonly age: string | null;
  /** Stored with each AWS key; so is the context, `k:v,k:v`. */
  readonly awsProfile: string | null;
  readonly encryptionContext: string | null;
}

/** What a command line without such flags gives. */
export const noRecipientFlags: RecipientFlags = {
  kms: null,
  gcpKms: null,
  hckms: null,
  azureKv: null,
  pgp: null,
  hcVaultTransit: null,
  age: null,
  awsProfile: null,
  encryptionContext: null,
};

/**
 * The recipients that the command line or the environment names (`sops-cli.md` §9), as one group in sops's order. `null` where neither
 * names any: then the configuration does. The list is empty where there is a name, but of nobody, like `,`.
 *
 * @throws SecError `bad-recipient`, `bad-encryption-context`
 */
export function recipientsFromEnvironment(env: Context['env'], flags: RecipientFlags): readonly RecipientSpec[] | null {
  const context = encryptionContext(flags.encryptionContext ?? '');
  const given = sources.flatMap(({ kind, flag, variable }) => {
    const text = flags[flag] ?? (env[`SEC_${variable}`] || env[`SOPS_${variable}`] || '');
    return text === '' ? [] : [{ kind, text }];
  });
  if (given.length === 0) return null;
  return given.flatMap(({ kind, text }) =>
    recipientsFromText(kind, text).map((recipient) =>
      kind === 'kms' ? kmsRecipient(recipient.text, flags.awsProfile ?? '', context) : recipient,
    ),
  );
}

/** The recipients of one flag, like `--add-age`. @throws SecError `bad-recipient` */
export function recipientsFromText(kind: RecipientKind, text: string): readonly { readonly kind: RecipientKind; readonly text: string }[] {
  return text.split(',').flatMap((part) => {
    const recipient = recipientOf(kind, part);
    if (hides(part))
      throw new SecError({ code: 'bad-recipient', kind, text: '(a secret key)', reason: 'that is a secret key, not a recipient' });
    if (recipient.text !== '') return [recipient];
    // sops passes over an empty part of these two, and fails for one of the others.
    if (kind === 'hckms' || kind === 'hc_vault') return [];
    throw new SecError({ code: 'bad-recipient', kind, text: '', reason: 'it is empty' });
  });
}

/**
 * The text of `--encryption-context`. It counts even where there is no AWS key to use it.
 *
 * @throws SecError `bad-encryption-context` where a part has not exactly one colon
 */
export function encryptionContext(text: string): ReadonlyMap<string, string> {
  if (text === '') return new Map();
  return new Map(
    text.split(',').map((part) => {
      const [key, value, ...more] = part.split(':');
      if (key === undefined || value === undefined || more.length > 0) throw new SecError({ code: 'bad-encryption-context' });
      return [key, value] as const;
    }),
  );
}

const sources = [
  { kind: 'kms', flag: 'kms', variable: 'KMS_ARN' },
  { kind: 'gcp_kms', flag: 'gcpKms', variable: 'GCP_KMS_IDS' },
  { kind: 'hckms', flag: 'hckms', variable: 'HUAWEICLOUD_KMS_IDS' },
  { kind: 'azure_kv', flag: 'azureKv', variable: 'AZURE_KEYVAULT_URLS' },
  { kind: 'pgp', flag: 'pgp', variable: 'PGP_FP' },
  { kind: 'hc_vault', flag: 'hcVaultTransit', variable: 'VAULT_URIS' },
  { kind: 'age', flag: 'age', variable: 'AGE_RECIPIENTS' },
] as const satisfies readonly { kind: RecipientKind; flag: keyof RecipientFlags; variable: string }[];
