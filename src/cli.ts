import { main } from './main.ts';
import { nodeContext } from './node-context.ts';

/** The command line of this process: its arguments in, its exit status out. */
export async function run(): Promise<void> {
  process.once('uncaughtException', (error) => {
    reportDefect(error);
    process.exit(1); // oxlint-disable-line unicorn/no-process-exit -- Node would go on in a state that nobody knows
  });
  process.exitCode = await main(process.argv.slice(2), nodeContext());
}

/** One line. Not the message of the error, which may hold a value, but its kind and the place where it arose. */
function reportDefect(error: unknown): void {
  const { name, stack } = error instanceof Error ? error : new Error('not an error');
  const place = /\(?[^\s(]*?([^\s/\\(]+:\d+):\d+\)?$/m.exec(stack ?? '')?.[1] ?? 'an unknown place';
  process.stderr.write(`sec: a defect of sec: ${name} at ${place}\n`);
}
