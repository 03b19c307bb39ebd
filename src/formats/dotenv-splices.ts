import type { Splice } from '../core/tree.ts';
import type { Line } from './dotenv-lines.ts';

/** Lines put into and taken out of a text. A text without a final line end stays one. */

/** A text in lines; `crlf` where every one of them ends so. */
export interface Lined {
  readonly text: string;
  readonly lines: readonly Line[];
  readonly crlf: boolean;
}

/** New lines at the end. */
export function appendLines({ text, crlf }: Lined, added: readonly string[]): Splice {
  const eol = crlf ? '\r\n' : '\n';
  const end = text.length;
  const block = added.map((line) => line + eol).join('');
  return { start: end, end, text: isOpen(text) && added.length > 0 ? eol + block.slice(0, -eol.length) : block };
}

/** Takes lines away, and with open last ones the line end before them. */
export function cutLines({ text, lines }: Lined, goes: (line: Line) => boolean): readonly Splice[] {
  const lastKept = lines.findLastIndex((line) => !goes(line));
  const isTail = (index: number): boolean => isOpen(text) && index > lastKept;
  const cuts = lines.flatMap((line, index) => (goes(line) && !isTail(index) ? [{ start: line.start, end: line.next, text: '' }] : []));
  const tail = lines[lastKept + 1];
  return tail && isTail(lastKept + 1) ? [...cuts, { start: lines[lastKept]?.end ?? tail.start, end: text.length, text: '' }] : cuts;
}

/** Where the line feeds of lines stand. */
export function lineFeeds(lines: readonly Line[]): readonly number[] {
  return lines.flatMap(({ end, next }) => (next > end ? [next - 1] : []));
}

function isOpen(text: string): boolean {
  return text !== '' && !text.endsWith('\n');
}
