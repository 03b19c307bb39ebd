/** A whole number of a checked configuration, or `null` where it is not given. */
export function wholeNumber(value: number | string | undefined): number | null {
  return value === undefined ? null : Number(value);
}

/** A yes or no of a checked configuration; no where it is not given. */
export function yesNo(value: boolean | string | undefined): boolean {
  return typeof value === 'string' ? /^(y|yes|on)$/i.test(value) : value === true;
}

/** A text with commas, or a list of texts, as a list. */
export function textList(value: string | readonly string[] | undefined): readonly string[] {
  return typeof value === 'string' ? [value] : (value ?? []);
}
