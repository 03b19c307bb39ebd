/** Whether a text looks like a secret key, which somebody put where a recipient belongs. It must not be shown. */
export function hides(text: string): boolean {
  return /AGE-(SECRET-KEY|PLUGIN)-|PRIVATE KEY/i.test(text);
}

/** A word of a configuration for a message: as it stands, unless it may be a secret that got there by mistake. */
export function show(word: string): string {
  return hides(word) || word.length > 60 || /[\r\n]/.test(word) ? '(not shown)' : word;
}

/** What a value is, in a word. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.some((item) => typeof item !== 'string') ? 'a list that holds other things' : 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'boolean') return 'true or false (quotes make it a text)';
  if (typeof value === 'string') return 'a text';
  return 'a number (quotes make it a text)';
}

/**
 * The line, from 1, of the key that a path like `creation_rules[0].age` ends in. `null` where it ends in a position, or the key stands
 * on several lines or not at the start of one: the data has no places, and a wrong line is worse than none.
 */
export function lineOf(text: string, at: string): number | null {
  const key = at.slice(at.lastIndexOf('.') + 1);
  const hits = text.split('\n').flatMap((line, i) => (keyOf(line) === key ? [i + 1] : []));
  return hits.length === 1 ? (hits[0] ?? null) : null;
}

function keyOf(line: string): string | null {
  return /^[\s-]*["']?([^"':#]+?)["']?\s*:(\s|$)/.exec(line)?.[1] ?? null;
}
