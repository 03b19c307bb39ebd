import { openSync } from 'node:fs';
import { ReadStream, WriteStream } from 'node:tty';
import { atEnd, endLaterBy, holdSignals } from './node-signals.ts';
import type { Line } from './terminal/prompt.ts';

/** The terminal of our session, whatever standard input and output are connected to. */
export function openTerminal(): Line {
  const input = new ReadStream(openSync('/dev/tty', 'r+'));
  const output = new WriteStream(openSync('/dev/tty', 'r+'));
  const gone = new AbortController();
  // Whoever asks may have something to save first: a text, typed in a window that we waited for.
  const end = (signal: NodeJS.Signals): void => {
    endLaterBy(signal);
    gone.abort();
  };
  // A terminal that is closed may be found out before the signal comes that says so.
  for (const stream of [input, output]) keepErrors(stream, () => end('SIGHUP'));
  const release = holdSignals([
    ['SIGHUP', end],
    ['SIGTERM', end],
    ['SIGINT', end],
  ]);
  // A terminal that is left in raw mode echoes nothing.
  const forget = atEnd(() => input.setRawMode(false));
  return {
    input,
    output,
    gone: gone.signal,
    close: () => {
      release();
      input.destroy();
      output.destroy();
      forget();
    },
  };
}

/** Takes the errors of a stream, and from all others who listen: readline has nobody to pass one on to, which would end us at once. */
function keepErrors(stream: ReadStream | WriteStream, take: () => void): void {
  const { emit } = stream;
  Object.assign(stream, {
    emit: (event: string | symbol, ...values: readonly unknown[]): boolean => {
      if (event !== 'error') return Boolean(Reflect.apply(emit, stream, [event, ...values]));
      take();
      return true;
    },
  });
}
