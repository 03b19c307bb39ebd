import type { MetaMap, MetaValue } from '../core/metadata.ts';
import { isMap } from '../core/fields.ts';
import type { GroupData } from './schema.ts';

/** The kinds of keys, by the names of their lists in a file's metadata. */
export type RecipientKind = 'kms' | 'gcp_kms' | 'hckms' | 'azure_kv' | 'hc_vault' | 'pgp' | 'age';

/**
 * A recipient as a configuration, a flag or a variable names it: as people write it, or, where that cannot say it all, the fields that
 * its entry in the metadata will start from (`sops-format.md` §13.3).
 */
export type RecipientSpec = TextRecipient | { readonly kind: RecipientKind; readonly fields: MetaMap };

export interface TextRecipient {
  readonly kind: RecipientKind;
  readonly text: string;
}

/** A list of recipients of one kind, as a text with commas or as a list of such. Empty parts count for nothing (`sops-format.md` §17.3). */
export type Texts = string | readonly string[] | undefined;

/** What stands for one recipient in a list: usually itself, but a name stands for all of that person's. `at` is the key, for messages. */
export type Resolve = (kind: RecipientKind, entry: string, at: string) => readonly TextRecipient[];

/** The keys of a rule (or of a person) without groups, by the kind that each holds. */
export const flatKinds = {
  age: 'age',
  pgp: 'pgp',
  kms: 'kms',
  gcp_kms: 'gcp_kms',
  hckms: 'hckms',
  azure_keyvault: 'azure_kv',
  hc_vault_transit_uri: 'hc_vault',
} as const satisfies Readonly<Record<string, RecipientKind>>;

/** Their names, in sops's order. */
export const flatKeys = ['age', 'pgp', 'kms', 'gcp_kms', 'hckms', 'azure_keyvault', 'hc_vault_transit_uri'] as const;

export type FlatKeys = { readonly [K in keyof typeof flatKinds]?: Texts };

/** The recipients of a rule (or of a person) without groups. Twice the same stays twice, as in sops. */
export function flatRecipients(data: FlatKeys, at: string, resolve: Resolve): TextRecipient[] {
  return flatKeys.flatMap((key) => fromTexts(flatKinds[key], data[key], `${at}.${key}`, resolve));
}

/** The recipients of one group. Twice the same is once, the first one. */
export function groupRecipients(data: GroupData, at: string, resolve: Resolve): RecipientSpec[] {
  const merged = (data.merge ?? []).flatMap((other, i) => groupRecipients(other, `${at}.merge[${i}]`, resolve));
  return withoutRepeats([
    ...merged,
    ...fromTexts('age', data.age, `${at}.age`, resolve),
    ...fromTexts('pgp', data.pgp, `${at}.pgp`, resolve),
    ...(data.kms ?? []).map(kmsOfGroup),
    ...(data.gcp_kms ?? []).map(({ resource_id }) => recipientOf('gcp_kms', resource_id)),
    ...(data.hckms ?? []).map(({ key_id }) => recipientOf('hckms', key_id)),
    ...(data.azure_keyvault ?? []).map(azureOfGroup),
    ...fromTexts('hc_vault', data.hc_vault, `${at}.hc_vault`, resolve),
  ]);
}

/** A recipient of which the text says it all. */
export function recipientOf(kind: RecipientKind, text: string): TextRecipient {
  return { kind, text: spaceless.has(kind) ? text.replaceAll(' ', '') : text.trim() };
}

/** An AWS key with what its text cannot say. `text` is an ARN, with an optional `+` and the ARN of a role. */
export function kmsRecipient(text: string, profile: string, context: ReadonlyMap<string, string>): RecipientSpec {
  if (profile === '' && context.size === 0) return recipientOf('kms', text);
  const [arn = '', role] = text.replaceAll(' ', '').split(/\+(?=arn:)/);
  return { kind: 'kms', fields: kmsFields(arn, role ?? '', profile, context) };
}

/** Kinds whose texts lose all their spaces, not only the outer ones (`sops-cli.md` §9). */
const spaceless: ReadonlySet<RecipientKind> = new Set(['kms', 'gcp_kms', 'pgp']);

function fromTexts(kind: RecipientKind, texts: Texts, at: string, resolve: Resolve): TextRecipient[] {
  const entries = (typeof texts === 'string' ? [texts] : (texts ?? [])).flatMap((entry) => entry.split(','));
  return entries
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .flatMap((entry) => resolve(kind, entry, at));
}

/** In a group the role is a field of its own, so a `+` in the ARN splits nothing. */
function kmsOfGroup(data: NonNullable<GroupData['kms']>[number]): RecipientSpec {
  const context = new Map(Object.entries(data.context ?? {}));
  return { kind: 'kms', fields: kmsFields(data.arn.replaceAll(' ', ''), data.role ?? '', data.aws_profile ?? '', context) };
}

function kmsFields(arn: string, role: string, profile: string, context: ReadonlyMap<string, string>): MetaMap {
  const fields: [string, MetaValue][] = [
    ['arn', arn],
    ['aws_profile', profile],
  ];
  if (context.size > 0) fields.push(['context', new Map([...context].toSorted(([a], [b]) => (a < b ? -1 : 1)))]);
  if (role !== '') fields.push(['role', role]);
  return new Map(fields);
}

function azureOfGroup(data: NonNullable<GroupData['azure_keyvault']>[number]): RecipientSpec {
  const version = data.version ?? '';
  return recipientOf('azure_kv', `${data.vaultUrl.replace(/\/+$/, '')}/keys/${data.key}${version === '' ? '' : `/${version}`}`);
}

function withoutRepeats(recipients: readonly RecipientSpec[]): RecipientSpec[] {
  const seen = recipients.map(identity);
  return recipients.filter((_, i) => seen.indexOf(seen[i] ?? '') === i);
}

function identity(recipient: RecipientSpec): string {
  return JSON.stringify('text' in recipient ? [recipient.kind, recipient.text] : [recipient.kind, plain(recipient.fields)]);
}

function plain(value: MetaValue): unknown {
  return isMap(value) ? [...value].map(([key, inner]) => [key, plain(inner)]) : value;
}
