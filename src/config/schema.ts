import * as z from 'zod';
import { suggest } from './suggest.ts';

/**
 * The shape of a configuration (`sops-format.md` §17.2, `design.md` §5). This is the one file that loads zod, so it is only ever
 * imported inside a function: what decrypts does not pay for it.
 *
 * The `error` of each schema is what it expects, in words that fit behind "must be"; for a key that a map does not know it is what to
 * write instead.
 */
export type ConfigData = z.infer<ReturnType<typeof configSchema>>;
export type RuleData = z.infer<ReturnType<typeof ruleSchema>>;

export interface GroupData {
  merge?: GroupData[] | undefined;
  age?: string | string[] | undefined;
  pgp?: string | string[] | undefined;
  kms?:
    | { arn: string; role?: string | undefined; context?: Record<string, string> | undefined; aws_profile?: string | undefined }[]
    | undefined;
  gcp_kms?: { resource_id: string }[] | undefined;
  hckms?: { key_id: string }[] | undefined;
  azure_keyvault?: { vaultUrl: string; key: string; version?: string | undefined }[] | undefined;
  hc_vault?: string | string[] | undefined;
}

/** Keys that a map does not know: refused in a file of our own, passed over in one of sops, as sops does. */
export type UnknownKeys = 'refuse' | 'ignore';

/** The schema of a whole file. */
export function configSchema(unknownKeys: UnknownKeys) {
  const map = mapOf(unknownKeys);
  const indent = map({ indent: wholeNumber.describe('spaces a level; -1 is a tab, in JSON') }).optional();
  const nothing = map({}).optional();
  return map({
    creation_rules: list(ruleSchema(map)).describe('which keys lock which file; the first rule that matches wins'),
    destination_rules: list(destinationSchema(map)).describe('where files are published to'),
    stores: map({ yaml: indent, json: indent, json_binary: indent, dotenv: nothing, ini: nothing }).optional(),
    people: z.record(z.string(), map(flatKeys), { error: 'a map' }).optional().describe('names for recipients'),
    keys: map({
      calls: wholeNumber.describe('how many calls to servers with keys may be under way at once; 32 by default'),
      timeout: wholeNumber.describe('how many seconds to wait for such servers; 60 by default'),
    }).optional(),
    audit: map({
      log: yesNo.describe('whether what is done to files is written into the log of `sec audit`'),
    }).optional(),
    exec: map({ files: texts.describe('the files that `sec exec` uses where no -f is given') }).optional(),
  });
}

type MapOf = ReturnType<typeof mapOf>;

function mapOf(unknownKeys: UnknownKeys) {
  return <T extends z.ZodRawShape>(shape: T) => {
    const known = Object.keys(shape);
    const object = z.object(shape, {
      error: (issue) => (issue.code === 'unrecognized_keys' ? suggest(issue.keys[0] ?? '', known) : 'a map'),
    });
    return unknownKeys === 'refuse' ? object.strict() : object;
  };
}

function ruleSchema(map: MapOf) {
  return map({
    path_regex: text.describe('an expression (RE2) for the path; without it, every path matches'),
    ...flatKeys,
    aws_profile: text.describe('the profile for the keys under kms'),
    key_groups: list(groupSchema(map)).describe('groups of keys, of which shamir_threshold are needed'),
    shamir_threshold: wholeNumber.describe('how many groups are needed to decrypt'),
    ...selectors,
    mac_only_encrypted: yesNo.describe('the MAC covers only what is encrypted'),
  });
}

function groupSchema(map: MapOf): z.ZodType<GroupData> {
  const group: z.ZodType<GroupData> = map({
    get merge(): z.ZodType<GroupData[] | undefined> {
      return list(group).describe('groups whose keys come first');
    },
    age: texts,
    pgp: texts,
    kms: list(
      map({
        arn: requiredText,
        role: text,
        context: z.record(z.string(), requiredText, { error: 'a map of texts' }).optional(),
        aws_profile: text,
      }),
    ),
    gcp_kms: list(map({ resource_id: requiredText })),
    hckms: list(map({ key_id: requiredText })),
    azure_keyvault: list(map({ vaultUrl: requiredText, key: requiredText, version: text })),
    hc_vault: texts,
  });
  return group;
}

function destinationSchema(map: MapOf) {
  return map({
    path_regex: text,
    s3_bucket: text,
    s3_prefix: text,
    gcs_bucket: text,
    gcs_prefix: text,
    vault_path: text,
    vault_address: text,
    vault_kv_mount_name: text,
    vault_kv_version: wholeNumber,
    recreation_rule: ruleSchema(map).optional(),
    omit_extensions: yesNo,
  });
}

const requiredText = z.string({ error: 'a text' });
const text = requiredText.optional();
const texts = z.union([z.string(), z.array(z.string())], { error: 'a text or a list of texts' }).optional();
/** A number may come as its text, since a parser that keeps `0123` and `12E34` as they were written knows no numbers. */
const wholeNumber = eitherOf(z.int(), /^-?\d+(\.0+)?$/, 'a whole number');
/** Go's YAML takes these words where a boolean is asked for. */
const yesNo = eitherOf(z.boolean(), /^([yYnN]|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF)$/, 'true or false');

function eitherOf<T extends z.ZodType>(type: T, text: RegExp, error: string) {
  return z.union([type, z.string().regex(text, { error })], { error }).optional();
}

function list<T extends z.ZodType>(item: T) {
  return z.array(item, { error: 'a list' }).optional();
}

const flatKeys = {
  age: texts.describe('age recipients, or names from people'),
  pgp: texts.describe('OpenPGP fingerprints'),
  kms: texts.describe('ARNs of AWS KMS keys, with an optional +ROLE_ARN'),
  gcp_kms: texts.describe('resource ids of Google Cloud KMS keys'),
  hckms: texts.describe('HuaweiCloud KMS keys, as REGION:UUID'),
  azure_keyvault: texts.describe('URLs of Azure Key Vault keys'),
  hc_vault_transit_uri: texts.describe('URIs of transit keys in HashiCorp Vault or OpenBao'),
};

const selectors = {
  unencrypted_suffix: text.describe('values below a key that ends so stay readable'),
  encrypted_suffix: text.describe('only values below a key that ends so are encrypted'),
  unencrypted_regex: text.describe('values below a key that matches stay readable'),
  encrypted_regex: text.describe('only values below a key that matches are encrypted'),
  unencrypted_comment_regex: text.describe('values under a comment that matches stay readable'),
  encrypted_comment_regex: text.describe('only values under a comment that matches are encrypted'),
};
