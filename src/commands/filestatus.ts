import type { Context } from '../context.ts';
import { mannersOf } from '../core/manners.ts';
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
  if (mannersOf(context.calledAs).speaksAsSops) refuseNoJson(target);
  await context.out(`${JSON.stringify({ encrypted: isEncrypted(target) })}\n`);
}

/** To sops a whole file is JSON, or it has no status. @throws SecError `usage` */
function refuseNoJson({ file, format, bytes }: Target): void {
  if (format.name !== 'binary') return;
  try {
    JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (cause) {
    throw new SecError({ code: 'usage', message: `cannot check file status: ${file} is not JSON` }, { cause });
  }
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
