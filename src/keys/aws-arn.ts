import { isMap } from '../core/fields.ts';
import type { StoredKey } from '../core/metadata.ts';

/** An AWS key as people and files name it (`sops-format.md` §15.3). */
export interface AwsKey {
  /** Not checked. */
  readonly arn: string;
  /** The ARN of the role to take on, not checked; empty where there is none. */
  readonly role: string;
  /** The profile that the entry names; empty where it names none. */
  readonly profile: string;
  readonly context: ReadonlyMap<string, string>;
}

/** The partition may be any: `aws`, `aws-cn`, `aws-us-gov`, and those to come. The region becomes part of an address, so it is one label. */
const keyArn = /^arn:aws[\w-]*:kms:([A-Za-z0-9-]+):(\d+):(?:key|alias)\/.+$/;
const roleArn = /^arn:aws[\w-]*:iam::(\d+):role\/(?:.*\/)?([^/]+)$/;

/** `ARN`, `ARN+ROLE`, and either with `|k:v,k:v` and `|profile` behind it, as `labelOf` writes it. */
export function parseAwsKey(text: string): AwsKey {
  const [arns = '', context = '', profile = ''] = text.trim().split('|');
  const [arn = '', role = ''] = arns.replaceAll(' ', '').split(/\+(?=arn:)/);
  return { arn, role, profile, context: new Map(context === '' ? [] : context.split(',').map(pair)) };
}

/** The key of an entry in a file. Nothing is checked: what cannot be used is said where it would be used. */
export function readAwsKey({ fields }: StoredKey): AwsKey {
  const text = (name: string): string => textOf(fields.get(name)).trim();
  const context = fields.get('context');
  const pairs = isMap(context) ? [...context].map(([name, value]) => [name, textOf(value)] as const) : [];
  return { arn: text('arn').replaceAll(' ', ''), role: text('role'), profile: text('aws_profile'), context: new Map(pairs) };
}

/** The name by which sops compares keys: `arn[+role][|k:v,k:v[|profile]]`. */
export function labelOf({ arn, role, profile, context }: AwsKey): string {
  const pairs = inOrder(context).map(([name, value]) => `${name}:${value}`);
  const behind = pairs.length === 0 && profile === '' ? '' : `|${pairs.join(',')}`;
  return arn + (role === '' ? '' : `+${role}`) + behind + (profile === '' ? '' : `|${profile}`);
}

/** By name, as sops writes it. */
export function inOrder(context: ReadonlyMap<string, string>): readonly (readonly [string, string])[] {
  return [...context].toSorted(([one], [other]) => (one < other ? -1 : 1));
}

/** What keeps these ARNs from being used; `null` where nothing does. */
export function faultOf({ arn, role }: Pick<AwsKey, 'arn' | 'role'>): string | null {
  if (!keyArn.test(arn)) return 'it is no ARN of a key or an alias of AWS KMS, as in arn:aws:kms:REGION:ACCOUNT:key/ID';
  return role === '' || roleArn.test(role) ? null : 'its role is no ARN of a role, as in arn:aws:iam::ACCOUNT:role/NAME';
}

/** Where the key lives. Empty for what is no ARN of a key. */
export function placeOf(arn: string): { readonly region: string; readonly account: string } {
  const [, region = '', account = ''] = keyArn.exec(arn) ?? [];
  return { region, account };
}

/** The name of a role, without its path. */
export function nameOfRole(role: string): string {
  return role.slice(role.lastIndexOf('/') + 1);
}

/** Whether a caller, by the ARN that STS gives it, has taken on this role. That ARN has lost the path of the role. */
export function isInRole(caller: string, role: string): boolean {
  const [, account, name] = roleArn.exec(role) ?? [];
  const [, callerAccount, callerRole] = /^arn:aws[\w-]*:sts::(\d+):assumed-role\/([^/]+)\//.exec(caller) ?? [];
  return account !== undefined && account === callerAccount && name === callerRole;
}

/** By sops's rule, which takes out hyphens too: policies may look for this name. */
export function sessionName(hostname: string): string {
  return `sops@${hostname.replace(/[^A-Za-z0-9=,.@-_]/g, '')}`.slice(0, 64);
}

function pair(text: string): readonly [string, string] {
  const at = text.indexOf(':');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
