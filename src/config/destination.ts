import type { Refuse } from './people.ts';
import type { Resolve } from './recipients.ts';
import { readRule, type Rule } from './rule.ts';
import type { ConfigData } from './schema.ts';
import { wholeNumber, yesNo } from './values.ts';

/** Where files of a path are published to, by one rule of `destination_rules` (`sops-cli.md` §13.11). */
export interface DestinationRule {
  /** An expression for the path as it was typed; `null` for a rule that takes every path. */
  readonly path: string | null;
  readonly places: readonly DestinationPlace[];
  /** The keys that a file gets on its way, `null` where it stays as it is. @throws SecError `bad-config` */
  recreation(): Rule | null;
  readonly omitExtensions: boolean;
  /** Where it stands, for messages. */
  readonly source: string;
}

export type DestinationPlace =
  | { readonly kind: 's3' | 'gcs'; readonly bucket: string; readonly prefix: string }
  | {
      readonly kind: 'vault';
      /** Empty for that of the environment. */
      readonly address: string;
      readonly mount: string;
      readonly version: 1 | 2;
      readonly path: string;
    };

type DestinationData = NonNullable<ConfigData['destination_rules']>[number];

/** The destination rules of a configuration, in their order. */
export function readDestinations(
  data: ConfigData,
  file: string,
  options: { readonly refuse: Refuse; readonly resolve: Resolve },
): readonly DestinationRule[] {
  return (data.destination_rules ?? []).map((rule, i) => {
    const at = `destination_rules[${i}]`;
    const recreation = rule.recreation_rule;
    return {
      path: rule.path_regex === '' ? null : (rule.path_regex ?? null),
      places: placesOf(rule),
      recreation: () => (recreation === undefined ? null : readRule(recreation, `${at}.recreation_rule`, file, options)),
      omitExtensions: yesNo(rule.omit_extensions) ?? false,
      source: `${at} of ${file}`,
    };
  });
}

function placesOf(rule: DestinationData): readonly DestinationPlace[] {
  const places: DestinationPlace[] = [];
  if (rule.s3_bucket) places.push({ kind: 's3', bucket: rule.s3_bucket, prefix: rule.s3_prefix ?? '' });
  if (rule.gcs_bucket) places.push({ kind: 'gcs', bucket: rule.gcs_bucket, prefix: rule.gcs_prefix ?? '' });
  if (rule.vault_path !== undefined && rule.vault_path !== '')
    places.push({
      kind: 'vault',
      address: rule.vault_address ?? '',
      mount: closed(rule.vault_kv_mount_name || 'secret'),
      version: wholeNumber(rule.vault_kv_version) === 1 ? 1 : 2,
      path: closed(rule.vault_path),
    });
  return places;
}

function closed(path: string): string {
  return path.endsWith('/') ? path : `${path}/`;
}
