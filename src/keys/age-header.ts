/** The header of an age file (age-encryption.org/v1), read to the letter. */

/** One wrapped file key: words, the first of which is the kind, and a body. */
export interface Stanza {
  readonly args: readonly string[];
  readonly body: Uint8Array;
}

export interface AgeHeader {
  readonly stanzas: readonly Stanza[];
  readonly mac: Uint8Array;
  /** What the MAC is over: all up to and with the three dashes. */
  readonly authenticated: Uint8Array;
  /** What follows the header. */
  readonly payload: Uint8Array;
}

const INTRO = 'age-encryption.org/v1';
const BODY_COLUMNS = 64;
const MAC_LENGTH = 32;
/** Longer headers are the library's business. */
const LONGEST_HEADER = 1 << 20;

/** Reads a binary file's header. `null` where anything is not as the specification writes it. */
export function readAgeHeader(file: Uint8Array): AgeHeader | null {
  const text = Buffer.from(file.buffer, file.byteOffset, Math.min(file.length, LONGEST_HEADER)).toString('latin1');
  const lines = new Lines(text);
  if (lines.next() !== INTRO) return null;
  const stanzas: Stanza[] = [];
  for (let line = lines.next(); line !== null; line = lines.next()) {
    if (line.startsWith('--- ')) return finish(file, stanzas, line, lines.position);
    const stanza = readStanza(line, lines);
    if (stanza === null) return null;
    stanzas.push(stanza);
  }
  return null;
}

/** Standard base64 without padding, in its one spelling; `null` for any other. */
export function decodeUnpadded(text: string): Uint8Array | null {
  const bytes = Buffer.from(text, 'base64');
  return encodeUnpadded(bytes) === text ? bytes : null;
}

/** Standard base64 without padding. */
export function encodeUnpadded(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '');
}

function finish(file: Uint8Array, stanzas: readonly Stanza[], line: string, end: number): AgeHeader | null {
  const mac = decodeUnpadded(line.slice(4));
  if (mac === null || mac.length !== MAC_LENGTH || stanzas.length === 0) return null;
  const dashes = end - 1 - line.length + 3;
  return { stanzas, mac, authenticated: file.subarray(0, dashes), payload: file.subarray(end) };
}

/** The body ends with the first line that is not full, so a body of full lines ends with an empty one. */
function readStanza(opening: string, lines: Lines): Stanza | null {
  const [arrow, ...args] = opening.split(' ');
  if (arrow !== '->' || args.length === 0 || !args.every((arg) => /^[!-~]+$/.test(arg))) return null;
  const parts: string[] = [];
  for (let line = lines.next(); line !== null; line = lines.next()) {
    if (line.length > BODY_COLUMNS) return null;
    parts.push(line);
    if (line.length === BODY_COLUMNS) continue;
    const body = decodeUnpadded(parts.join(''));
    return body === null ? null : { args, body };
  }
  return null;
}

class Lines {
  readonly #text: string;
  position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The next line that has an end, without it. */
  next(): string | null {
    const end = this.#text.indexOf('\n', this.position);
    if (end < 0) return null;
    const line = this.#text.slice(this.position, end);
    this.position = end + 1;
    return line;
  }
}
