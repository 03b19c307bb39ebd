import type { Context } from '../context.ts';
import { SecError } from '../core/problem.ts';
import { inspectFile, startSession } from '../secret-file.ts';
import { readToOpen } from '../secret-target.ts';
import type { Target } from '../secret-target.ts';
import type { Declaration } from './declaration.ts';
import { withInput, inputOptions } from './options.ts';
import type { InputFlags } from './options.ts';

export function declareFilestatus(program: Declaration, context: Context): void {
  withInput(program.command('filestatus'))
    .summary('say as JSON whether a file is encrypted; needs no key')
    .argument('<file>', 'the file')
    .action((file: string, flags: InputFlags) => filestatus(context, file, flags));
}

/** `sops-cli.md` §13.13. */
async function filestatus(context: Context, path: string, flags: InputFlags): Promise<void> {
  const target = await readToOpen(startSession(context), path, inputOptions(flags));
  await context.out(`${JSON.stringify({ encrypted: isEncrypted(target) })}\n`);
}

function isEncrypted(target: Target): boolean {
  try {
    const { version, mac } = inspectFile(target).metadata;
    return version !== '' && mac !== '';
  } catch (error) {
    if (error instanceof SecError && error.problem.code === 'not-encrypted') return false;
    throw error;
  }
}
