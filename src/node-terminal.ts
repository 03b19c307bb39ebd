import { openSync } from 'node:fs';
import { ReadStream, WriteStream } from 'node:tty';
import { atEnd } from './node-signals.ts';
import type { Line } from './terminal/prompt.ts';

/** The terminal of our session, whatever standard input and output are connected to. */
export function openTerminal(): Line {
  const input = new ReadStream(openSync('/dev/tty', 'r+'));
  const output = new WriteStream(openSync('/dev/tty', 'r+'));
  // A terminal that is left in raw mode echoes nothing.
  const forget = atEnd(() => input.setRawMode(false));
  return {
    input,
    output,
    close: () => {
      input.destroy();
      output.destroy();
      forget();
    },
  };
}
