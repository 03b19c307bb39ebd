/** A problem in words. */
export interface Explanation {
  /** What happened, to which file. */
  readonly summary: string;
  readonly details?: readonly string[];
  /** What to do now, as a command wherever there is one. */
  readonly hint?: string;
}

/** The lines of an explanation, as they go to standard error. What came from outside cannot move the cursor, nor fill the screen. */
export function print({ summary, details = [], hint }: Explanation): string {
  const lines = [`sec: ${summary}`, ...details.map((detail) => `  ${detail}`), ...(hint === undefined ? [] : [`hint: ${hint}`])];
  return lines.map((line) => shortened(printable(line))).join('\n');
}

const longestLine = 2000;

/** A key or a path may have any length, and the words behind it matter more than its middle. */
function shortened(line: string): string {
  if (line.length <= longestLine) return line;
  const half = longestLine / 2;
  return `${line.slice(0, half).replace(/[\uD800-\uDBFF]$/, '')} … ${line.slice(-half).replace(/^[\uDC00-\uDFFF]/, '')}`;
}

/** The words for a reason: a code of the system gets them here, a text has them. */
export function because(reason: string): string {
  return systemWords[reason] ?? reason;
}

/** A text from outside without what a terminal would obey or a reader would not see. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, (char) => `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`);
}

const systemWords: Readonly<Record<string, string>> = {
  E2BIG: 'its arguments and its environment are too long for the system',
  EACCES: 'permission denied',
  EADDRINUSE: 'somebody listens there already',
  EADDRNOTAVAIL: 'it is no address of this machine',
  EBUSY: 'it is in use, or mounted by itself',
  ECHANGED: 'it was changed meanwhile',
  EDQUOT: 'your quota of disk space is used up',
  EEXIST: 'there is a file already',
  EFBIG: 'it would be too large for the system',
  EINSECURE: 'others may write to it, too',
  EIO: 'the disk failed',
  EISDIR: 'it is a folder',
  ELOOP: 'its links lead in a circle',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'its name is too long',
  ENFILE: 'too many files are open',
  ENOENT: 'there is no such file or folder',
  ENOEXEC: 'it is no program for this system, or its interpreter is missing',
  ENOSPC: 'no space is left on the disk',
  ENOTDIR: 'a part of its path is no folder',
  ENXIO: 'it cannot be opened',
  EPERM: 'the system does not permit it',
  EROFS: 'its disk is read-only',
  ETIMEDOUT: 'it took too long',
  ETXTBSY: 'it is being written',
};
