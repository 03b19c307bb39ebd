/** A value of the metadata block, in any of its layouts. Maps keep their order. */
export type MetaValue = string | number | boolean | null | readonly MetaValue[] | MetaMap;
export type MetaMap = ReadonlyMap<string, MetaValue>;

/** One entry of a key list: which list, and its fields as stored, unknown ones included. */
export interface StoredKey {
  readonly kind: string;
  readonly fields: MetaMap;
}
