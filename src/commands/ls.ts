import type { Context } from '../context.ts';
import { parseSealed } from '../core/cipher.ts';
import { printPath } from '../core/path.ts';
import type { Path } from '../core/path.ts';
import type { Leaf, Tree } from '../core/tree.ts';
import { everywhere, mapTree } from '../core/walk.ts';
import { inspectFile, startSession } from '../secret-file.ts';
import { readToOpen } from '../secret-target.ts';
import type { Declaration } from './declaration.ts';
import { withInput, inputOptions } from './options.ts';
import type { InputFlags } from './options.ts';

interface LsFlags extends InputFlags {
  readonly json?: boolean;
}

/** One value of a file, as it shows without a key. */
interface Listed {
  readonly path: string;
  readonly encrypted: boolean;
  readonly type: string;
}

export function declareLs(program: Declaration, context: Context): void {
  withInput(program.command('ls'))
    .summary('list the paths of a file; needs no key')
    .argument('<file>', 'the encrypted file')
    .option('--json', 'print path, type and whether it is encrypted, as JSON')
    .action((file: string, flags: LsFlags) => ls(context, file, flags));
}

async function ls(context: Context, path: string, flags: LsFlags): Promise<void> {
  const session = startSession(context);
  const target = await readToOpen(session, path, inputOptions(flags));
  const values = list(inspectFile(target).tree);
  if (flags.json) await context.out(`${JSON.stringify(values, null, 2)}\n`);
  else await context.out(values.map((value) => `${value.path}${value.encrypted ? '' : '  (plain)'}\n`).join(''));
}

function list(tree: Tree): readonly Listed[] {
  const values: Listed[] = [];
  mapTree(tree, everywhere(false), {
    leaf(leaf, spot) {
      values.push(describe(leaf, spot.path()));
      return leaf;
    },
    comment: (comment) => comment,
  });
  return values;
}

function describe({ value }: Leaf, path: Path): Listed {
  const sealed = value.type === 'str' ? parseSealed(value.text) : null;
  return { path: printPath(path), encrypted: sealed !== null, type: sealed?.type ?? value.type };
}
