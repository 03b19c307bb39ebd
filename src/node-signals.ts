/**
 * What must be done however this process ends. Listeners are set only while there is something to do, so that a signal otherwise
 * ends the process as it ends any other.
 */
const cleanups = new Set<() => void>();

/** Above zero while a program in the foreground decides what a signal means. */
let held = 0;

const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Has a cleanup run at the end of the process, or on a signal that ends it. It must not wait. Gives the way to take it back. */
export function atEnd(cleanup: () => void): () => void {
  if (cleanups.size === 0) listen();
  cleanups.add(cleanup);
  return () => {
    cleanups.delete(cleanup);
    // A signal that came in the meantime is delivered in the next turn: it must still find us.
    setImmediate(() => setImmediate(() => cleanups.size === 0 && stopListening()));
  };
}

/** Runs all cleanups now: for a process that is about to be replaced. */
export function cleanUp(): void {
  const all = [...cleanups];
  cleanups.clear();
  stopListening();
  for (const cleanup of all) {
    try {
      cleanup();
    } catch {
      // Nobody is left to tell, and the others must have their turn.
    }
  }
}

/** Gives signals to a handler each, instead of ending the process. Gives the way to take them back. */
export function holdSignals(handlers: readonly (readonly [NodeJS.Signals, (signal: NodeJS.Signals) => void])[]): () => void {
  held += 1;
  for (const [signal, handler] of handlers) process.on(signal, handler);
  return () => {
    held -= 1;
    for (const [signal, handler] of handlers) process.off(signal, handler);
  };
}

/** Has a signal end the process, but only once it has done all that it has to do. */
export function endLaterBy(signal: NodeJS.Signals): void {
  process.once('exit', () => {
    cleanUp();
    // Whoever else listens, such as a package that asks questions, would take the signal from the system.
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

function listen(): void {
  stopListening();
  process.on('exit', cleanUp);
  for (const signal of endings) process.on(signal, end);
}

function stopListening(): void {
  process.off('exit', cleanUp);
  for (const signal of endings) process.off(signal, end);
}

/** The signal is sent again once nobody listens, so that our parent sees what ended us. */
function end(signal: NodeJS.Signals): void {
  if (held > 0) return;
  cleanUp();
  process.kill(process.pid, signal);
}
