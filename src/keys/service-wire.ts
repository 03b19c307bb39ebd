import { isMap } from '../core/fields.ts';
import type { MetaMap, MetaValue } from '../core/metadata.ts';

/** The messages of a key service in the notation of protobuf (`sops-cli.md` §15). They are few and flat, so they are written by hand. */

/** A key as an entry of a file names it, without what it locks. */
export interface ServiceKey {
  readonly kind: string;
  readonly fields: MetaMap;
}

/** What a service is asked: to lock the bytes for the key, or to open them. */
export interface ServiceRequest {
  /** `null` where the request names none, or one of a kind that we have never heard of. */
  readonly key: ServiceKey | null;
  readonly bytes: Uint8Array;
}

/** The kinds in the order of their numbers, from 1, and the fields of each in the order of theirs. */
const kinds: readonly (readonly [kind: string, fields: readonly string[]])[] = [
  ['kms', ['arn', 'role', 'context', 'aws_profile']],
  ['pgp', ['fp']],
  ['gcp_kms', ['resource_id']],
  ['azure_kv', ['vault_url', 'name', 'version']],
  ['hc_vault', ['vault_address', 'engine_path', 'key_name']],
  ['age', ['recipient']],
  ['hckms', ['key_id']],
];

/** A request, as both methods have it. @throws RangeError for a kind that has no number there */
export function encodeRequest({ key, bytes }: ServiceRequest): Buffer {
  return Buffer.concat([key === null ? Buffer.alloc(0) : message(1, encodeKey(key)), nonEmpty(2, bytes)]);
}

/** @throws RangeError where the bytes are no such message */
export function decodeRequest(bytes: Uint8Array): ServiceRequest {
  const fields = readFields(bytes);
  const key = last(fields, 1);
  return { key: key === null ? null : decodeKey(key), bytes: last(fields, 2) ?? new Uint8Array() };
}

/** An answer, as both methods have it. */
export function encodeAnswer(bytes: Uint8Array): Buffer {
  return nonEmpty(1, bytes);
}

/** @throws RangeError where the bytes are no such message */
export function decodeAnswer(bytes: Uint8Array): Uint8Array {
  return last(readFields(bytes), 1) ?? new Uint8Array();
}

function encodeKey({ kind, fields }: ServiceKey): Buffer {
  const number = kinds.findIndex(([name]) => name === kind) + 1;
  const names = kinds[number - 1]?.[1];
  if (names === undefined) throw new RangeError(`a key service knows no keys of the kind ${kind}`);
  return message(number, Buffer.concat(names.map((name, index) => encodeField(index + 1, fields.get(name)))));
}

function encodeField(number: number, value: MetaValue | undefined): Buffer {
  if (isMap(value)) {
    const pairs = [...value].map(([name, inner]) => Buffer.concat([encodeField(1, name), encodeField(2, inner)]));
    return Buffer.concat(pairs.map((pair) => message(number, pair)));
  }
  return nonEmpty(number, Buffer.from(typeof value === 'string' ? value : ''));
}

function decodeKey(bytes: Uint8Array): ServiceKey | null {
  const known = readFields(bytes).findLast(({ number }) => number <= kinds.length);
  const [kind, names] = kinds[(known?.number ?? 0) - 1] ?? [];
  if (known === undefined || kind === undefined || names === undefined) return null;
  const inner = readFields(known.bytes);
  const fields = names.map((name, index) => [name, name === 'context' ? mapOf(inner, index + 1) : textOf(inner, index + 1)] as const);
  return { kind, fields: new Map(fields.filter(([, value]) => (isMap(value) ? value.size > 0 : value !== ''))) };
}

function mapOf(fields: readonly Field[], number: number): MetaMap {
  const pairs = fields.filter((field) => field.number === number).map(({ bytes }) => readFields(bytes));
  return new Map(pairs.map((pair) => [textOf(pair, 1), textOf(pair, 2)]));
}

function textOf(fields: readonly Field[], number: number): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(last(fields, number) ?? new Uint8Array());
  } catch (cause) {
    throw new RangeError('a text that is no UTF-8', { cause });
  }
}

/** A field that holds bytes, a text or a message. The others are passed by: these messages have none. */
interface Field {
  readonly number: number;
  readonly bytes: Uint8Array;
}

const LENGTH_DELIMITED = 2;
const fixedSizes: Readonly<Record<number, number>> = { 1: 8, 5: 4 };

function nonEmpty(number: number, bytes: Uint8Array): Buffer {
  return bytes.length === 0 ? Buffer.alloc(0) : message(number, bytes);
}

function message(number: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([varint(number * 8 + LENGTH_DELIMITED), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
}

/** Of a field that is there twice, the last counts. */
function last(fields: readonly Field[], number: number): Uint8Array | null {
  return fields.findLast((field) => field.number === number)?.bytes ?? null;
}

function readFields(bytes: Uint8Array): readonly Field[] {
  const fields: Field[] = [];
  for (let at = 0; at < bytes.length;) {
    const tag = readVarint(bytes, at);
    const type = tag.value % 8;
    const length = type === LENGTH_DELIMITED ? readVarint(bytes, tag.end) : { value: sizeOf(type, bytes, tag.end), end: tag.end };
    at = length.end + length.value;
    if (at > bytes.length) throw new RangeError('a message that is cut off');
    if (type === LENGTH_DELIMITED) fields.push({ number: Math.floor(tag.value / 8), bytes: bytes.subarray(length.end, at) });
  }
  return fields;
}

function sizeOf(type: number, bytes: Uint8Array, at: number): number {
  const size = type === 0 ? readVarint(bytes, at).end - at : fixedSizes[type];
  if (size === undefined) throw new RangeError(`a field of the unknown type ${type}`);
  return size;
}

function readVarint(bytes: Uint8Array, start: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let at = start, scale = 1; at < bytes.length && at < start + 10; at += 1, scale *= 128) {
    const byte = bytes[at] ?? 0;
    value += (byte % 128) * scale;
    if (byte < 128) return { value, end: at + 1 };
  }
  throw new RangeError('a number that is cut off');
}
