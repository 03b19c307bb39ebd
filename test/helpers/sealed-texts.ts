/** A sealed value as it stands in a text. */
export interface SealedValue {
  readonly start: number;
  readonly text: string;
  /** What stands before it on its line. */
  readonly before: string;
  readonly type: string;
}

const shape = /ENC\[AES256_GCM,data:[^,\]]*,iv:[^,\]]*,tag:[^,\]]*,type:(\w+)\]/g;

/** Every sealed value of a text, with those of the metadata block. */
export function sealedValues(text: string): readonly SealedValue[] {
  return [...text.matchAll(shape)].map(({ index, 0: found, 1: type = '' }) => {
    const before = text.slice(text.lastIndexOf('\n', index) + 1, index);
    return { start: index, text: found, before, type };
  });
}

/** The sealed value behind a key. @throws where there is none */
export function sealedAt(text: string, key: string): SealedValue {
  const found = sealedValues(text).find(({ before }) => new RegExp(`^[\\s"]*${key}[\\s"]*[:=]`).test(before));
  if (found === undefined) throw new Error(`no sealed value at ${key}`);
  return found;
}

/** A text with another in the place of a sealed value. */
export function replaced(text: string, { start, text: old }: SealedValue, replacement: string): string {
  return text.slice(0, start) + replacement + text.slice(start + old.length);
}

/** Two sealed values, each in the place of the other. */
export function swapped(text: string, one: SealedValue, other: SealedValue): string {
  const [first, second] = one.start < other.start ? [one, other] : [other, one];
  return replaced(replaced(text, second, first.text), first, second.text);
}

/** A sealed value with one bit changed in each of its bytes in turn: data, IV and tag. */
export function flips(sealed: string): readonly string[] {
  return [...sealed.matchAll(/(?<=data:|iv:|tag:)[^,]+/g)].flatMap(({ index, 0: field }) => {
    const bytes = Buffer.from(field, 'base64');
    return Array.from(bytes, (byte, at) => {
      const changed = Buffer.from(bytes);
      changed[at] = byte ^ (1 << (at % 8));
      return sealed.slice(0, index) + changed.toString('base64') + sealed.slice(index + field.length);
    });
  });
}
