import type { Splice } from '../core/tree.ts';

/** Lines taken out of a text. A text without a final line end stays one. */

interface Bounds {
  readonly start: number;
  readonly next: number;
}

/** Takes lines away, and with open last ones the line end before them. */
export function cutLines(text: string, lines: readonly Bounds[]): readonly Splice[] {
  const cuts: { start: number; end: number; text: string }[] = [];
  for (const { start, next } of lines) {
    const last = cuts.at(-1);
    if (last?.end === start) last.end = next;
    else cuts.push({ start, end: next, text: '' });
  }
  const last = cuts.at(-1);
  if (last !== undefined && last.end === text.length && !text.endsWith('\n')) last.start = eolBefore(text, last.start);
  return cuts;
}

/** Where the line end before an offset starts, or the offset itself where there is none. */
function eolBefore(text: string, at: number): number {
  if (text[at - 1] !== '\n') return at;
  return text[at - 2] === '\r' ? at - 2 : at - 1;
}
