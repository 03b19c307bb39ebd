import type { Conversation } from '../context.ts';
import { decodeUnpadded, encodeUnpadded, type Stanza } from './age-header.ts';

/** What is said between age and a plugin: stanzas, as they stand in an age file, one way and the other. */
export interface PluginLines {
  say(args: readonly string[], body?: Uint8Array): void;
  /** The next thing that the plugin says; `null` where it says no more, or nothing that is a stanza. */
  hear(): Promise<Stanza | null>;
}

const columns = 64;
/** No plugin has more to say at once. */
const longest = 1 << 20;

export function pluginLines(conversation: Conversation): PluginLines {
  const lines = new LineReader(conversation);
  return {
    say: (args, body = new Uint8Array()) => {
      const text = encodeUnpadded(body);
      // The last line is never full, so a body of full lines ends with an empty one.
      const count = Math.floor(text.length / columns) + 1;
      const wrapped = Array.from({ length: count }, (_, i) => text.slice(i * columns, (i + 1) * columns));
      conversation.write(Buffer.from(`-> ${args.join(' ')}\n${wrapped.join('\n')}\n`));
    },
    hear: () => readStanza(lines),
  };
}

async function readStanza(lines: LineReader): Promise<Stanza | null> {
  const [arrow, ...args] = ((await lines.next()) ?? '').split(' ');
  if (arrow !== '->' || args.length === 0 || !args.every((arg) => /^[!-~]+$/.test(arg))) return null;
  const parts: string[] = [];
  for (let line = await lines.next(); line !== null; line = await lines.next()) {
    parts.push(line);
    if (line.length === columns) continue;
    const body = line.length > columns ? null : decodeUnpadded(parts.join(''));
    return body === null ? null : { args, body };
  }
  return null;
}

class LineReader {
  readonly #conversation: Conversation;
  #text = '';

  constructor(conversation: Conversation) {
    this.#conversation = conversation;
  }

  /** The next line, without its end; `null` where there is none. */
  async next(): Promise<string | null> {
    for (;;) {
      const end = this.#text.indexOf('\n');
      if (end >= 0) {
        const line = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 1);
        return line;
      }
      const more = this.#text.length > longest ? null : await this.#conversation.read();
      if (more === null) return null;
      this.#text += Buffer.from(more).toString('latin1');
    }
  }
}
