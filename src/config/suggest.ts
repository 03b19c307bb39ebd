/**
 * The end of a message about an unknown word: the known one that it looks like, or all that are known.
 *
 * `suggest('encryptd_regex', known)` is `did you mean encrypted_regex`.
 */
export function suggest(word: string, known: readonly string[]): string {
  const nearest = closest(word, known);
  if (nearest !== null) return `did you mean ${nearest}`;
  return known.length === 0 ? 'none are known' : `known: ${known.join(', ')}`;
}

function closest(word: string, known: readonly string[]): string | null {
  const ranked = known.map((other) => ({ other, distance: distance(word.toLowerCase(), other.toLowerCase()) }));
  const best = ranked.toSorted((a, b) => a.distance - b.distance)[0];
  if (best !== undefined && best.distance <= Math.ceil(word.length / 4)) return best.other;
  const related = known.filter((other) => other.startsWith(`${word}_`) || word.startsWith(`${other}_`));
  return related.length === 1 ? (related[0] ?? null) : null;
}

/** How many letters have to be put in, left out or changed to make one word of the other (Levenshtein). */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (const [i, letter] of from.split('').entries()) {
    const next = [i + 1];
    for (const [j, other] of to.split('').entries()) {
      const change = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
