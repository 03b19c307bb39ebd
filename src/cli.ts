import { main } from './main.ts';
import { nodeContext } from './node-context.ts';
import { explainDefect } from './terminal/defect.ts';
import { print } from './terminal/words.ts';

/** Longer than whatever ends in good order takes. */
const lingeringMs = 250;

/** The command line of this process: its arguments in, its exit status out. */
export async function run(): Promise<void> {
  const context = nodeContext();
  // Standard error is for our messages; the AWS SDK would print a notice about Node 20 there.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  process.once('uncaughtException', (error) => {
    context.err(print(explainDefect(error)));
    process.exit(1);
  });
  process.exitCode = await main(process.argv.slice(2), context);
  // What was given up would keep the process running until its time is over, and some of a package's own knows no end.
  await context.network.end();
  setTimeout(() => process.exit(), lingeringMs).unref(); // oxlint-disable-line unicorn/no-process-exit -- all is done, and gRPC holds on to a server that says nothing in a handshake
}
