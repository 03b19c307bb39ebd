import type { MetaMap, StoredKey } from '../core/metadata.ts';
import { SecError, type Attempt } from '../core/problem.ts';
import { parseAwsKey } from './aws-arn.ts';
import { callOnce } from './calls.ts';
import { failed, type KeyWorld, type MasterKey, type Unwrapped } from './key.ts';
import { askService, type ServiceAnswer } from './service-client.ts';
import type { ServiceKey } from './service-wire.ts';
import { keyServices, type ServicePlace } from './service-places.ts';

/** Keys of a file that other machines use for us (`sops-format.md` §15.8). */

/** An entry of a file, and the key that it is for. */
interface Entry {
  readonly stored: StoredKey;
  readonly key: MasterKey;
}

/** What became of asking for an entry. */
export type ServiceTry<E> =
  | { readonly opened: true; readonly entry: E; readonly dataKey: Uint8Array }
  | { readonly opened: false; readonly attempts: readonly Attempt[] };

/** Asks a service for one entry after another, since a person may stand behind it, until it opens one. */
export async function openByService<E extends Entry>(entries: readonly E[], place: ServicePlace, world: KeyWorld): Promise<ServiceTry<E>> {
  const attempts: Attempt[] = [];
  for (const entry of entries.filter(({ stored }) => isKnown(stored.kind))) {
    const { label } = entry.key;
    const result = await openOne(entry, place, world);
    if (result.opened) return { opened: true, entry, dataKey: result.dataKey };
    const { reason, detail, hint } = result.failure;
    if (reason === 'unreachable')
      return { opened: false, attempts: [...attempts, { label: place.url, at: place.url, reason, detail, hint }] };
    attempts.push({ label, at: place.url, reason, detail, hint });
  }
  return { opened: false, attempts };
}

function openOne({ stored: { kind, fields }, key }: Entry, place: ServicePlace, world: KeyWorld): Promise<Unwrapped> {
  const enc = fields.get('enc');
  if (typeof enc !== 'string') return Promise.resolve(failed('malformed', 'the entry holds no wrapped key'));
  const request = { key: { kind, fields: named(fields) }, bytes: Buffer.from(enc) };
  return callOnce(JSON.stringify([place.url, kind, key.label, enc]), world, async (calling) => {
    const answer = await askService('Decrypt', request, place, calling);
    return answer.given ? { opened: true, dataKey: answer.bytes } : { opened: false, failure: answer.failure };
  });
}

/**
 * Locks a share for a key: by ourselves, unless that is switched off; else by the first service that can.
 *
 * @throws SecError as `MasterKey.wrap`, and `wrap-failed` where all say no
 */
export async function wrapSomewhere(key: MasterKey, share: Uint8Array, createdAt: string, world: KeyWorld): Promise<StoredKey> {
  const { local, remote } = keyServices(world);
  if (!local && remote.length === 0) throw noneToAsk(key);
  const refusals: string[] = [];
  try {
    if (local) return await key.wrap(share, createdAt, world);
  } catch (error) {
    if (!(error instanceof SecError) || error.problem.code !== 'wrap-failed' || remote.length === 0) throw error;
    refusals.push(error.problem.reason);
  }
  return wrapByServices(key, share, createdAt, { world, remote, refusals });
}

function noneToAsk({ label }: MasterKey): SecError {
  const reason = 'local keys are switched off, and no key service is named';
  return new SecError({ code: 'wrap-failed', label, reason, hint: 'name one, such as: --keyservice tcp://HOST:PORT' });
}

async function wrapByServices(
  { kind, label }: MasterKey,
  share: Uint8Array,
  createdAt: string,
  { world, remote, refusals }: { readonly world: KeyWorld; readonly remote: readonly ServicePlace[]; readonly refusals: string[] },
): Promise<StoredKey> {
  const key = { kind, fields: fieldsOfLabel(kind, label) };
  for (const place of isKnown(kind) ? remote : []) {
    const answer: ServiceAnswer = await askService('Encrypt', { key, bytes: share }, place, world);
    if (answer.given) return storedKey(key, Buffer.from(answer.bytes).toString('utf8'), createdAt);
    refusals.push(`${place.url}: ${answer.failure.detail}`);
  }
  throw new SecError({ code: 'wrap-failed', label, reason: refusals.join('; '), hint: null });
}

/** The fields of an entry in the order of sops, which is the alphabet; a date is in all but those of age. */
function storedKey({ kind, fields }: ServiceKey, enc: string, createdAt: string): StoredKey {
  const all = new Map([...fields, ['enc', enc] as const, ...(kind === 'age' ? [] : [['created_at', createdAt] as const])]);
  const names = [...all.keys()].toSorted();
  return { kind, fields: new Map(names.map((name) => [name, all.get(name) ?? null])) };
}

/** The kinds that the protocol has. */
function isKnown(kind: string): boolean {
  return kind in fieldsByKind;
}

/** What a service needs to know of an entry. */
function named(fields: MetaMap): MetaMap {
  return new Map([...fields].filter(([name]) => name !== 'enc' && name !== 'created_at'));
}

type FieldsOf = (label: string) => Readonly<Record<string, string | MetaMap>>;

/** How the label of each kind is read (`sops-cli.md` §11). */
const fieldsByKind: Readonly<Record<string, FieldsOf>> = {
  age: (label) => ({ recipient: label }),
  pgp: (label) => ({ fp: label }),
  gcp_kms: (label) => ({ resource_id: label }),
  hckms: (label) => ({ key_id: label }),
  kms: (label) => {
    const { arn, role, profile, context } = parseAwsKey(label);
    return { arn, aws_profile: profile, ...(context.size === 0 ? {} : { context }), ...(role === '' ? {} : { role }) };
  },
  azure_kv: (label) => {
    const [, vault = '', name = '', version = ''] = /^(.*)\/keys\/([^/]*)(?:\/(.*))?$/.exec(label) ?? [];
    return { name, vault_url: vault, version };
  },
  hc_vault: (label) => {
    const [, address = '', engine = '', name = ''] = /^(.*?)\/v1\/(.*)\/[^/]+\/([^/]+)$/.exec(label) ?? [];
    return { engine_path: engine, key_name: name, vault_address: address };
  },
};

function fieldsOfLabel(kind: string, label: string): MetaMap {
  return new Map(Object.entries(fieldsByKind[kind]?.(label) ?? {}));
}
