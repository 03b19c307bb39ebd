import type { Context } from '../context.ts';
import { parsePath } from '../core/path.ts';
import { SecError } from '../core/problem.ts';
import { valueAt } from '../core/tree-path.ts';
import type { Node } from '../core/tree.ts';
import type { Format } from '../formats/format.ts';
import { loadFormat } from '../formats/index.ts';
import { openSecretFile, startSession } from '../secret-file.ts';
import type { Declaration } from './declaration.ts';
import { readToOpen } from '../secret-target.ts';
import { tellOpened } from './opened.ts';
import { keyVariables } from './key-options.ts';
import { inputOptions, openOptions, withInput, withOpening } from './options.ts';
import type { InputFlags, OpenFlags } from './options.ts';

interface GetFlags extends InputFlags, OpenFlags {
  readonly json?: boolean;
}

export function declareGet(program: Declaration, context: Context): void {
  withOpening(withInput(program.command('get')))
    .summary('print one value')
    .argument('<file>', 'the encrypted file')
    .argument('<path>', 'e.g. db.password, hosts[0] or ["a.b"]')
    .option('--json', 'print the value as JSON')
    .action((file: string, path: string, flags: GetFlags) => get(context, file, path, flags));
}

async function get(context: Context, path: string, at: string, flags: GetFlags): Promise<void> {
  const steps = parsePath(at, 'extract');
  const session = startSession(context, keyVariables(flags));
  const target = await readToOpen(session, path, inputOptions(flags));
  const file = await openSecretFile(session, target, openOptions(flags));
  tellOpened(context, file, flags);
  const document = file.tree.documents[0];
  const value = document === undefined ? null : valueAt(document, steps);
  if (value === null) throw new SecError({ code: 'path-not-found', file: file.file, path: at });
  const bytes = flags.json ? await asJson(value, file.file) : print(value, file.format, file.file);
  await context.out(bytes);
  // A value goes into pipes and variables as it is; only a person wants the prompt on a line of its own.
  if (context.stdoutIsTerminal && bytes.at(-1) !== 0x0a) await context.out('\n');
}

function print(value: Node, format: Format, file: string): Uint8Array {
  const options = { file, indent: null };
  if (value.kind !== 'map') return format.printValue(value, options);
  return format.encode(format.print({ documents: [value] }, null, options));
}

/** JSON on one line would lose nothing, but people read it, so it has the layout of a file. */
async function asJson(value: Node, file: string): Promise<Uint8Array> {
  const json = await loadFormat('json');
  const options = { file, indent: 2 };
  if (value.kind === 'map') return json.encode(json.print({ documents: [value] }, null, options));
  const wrapped = json.print(
    { documents: [{ kind: 'map', items: [{ kind: 'entry', key: '', value, keySpan: null }], place: null }] },
    null,
    options,
  );
  return json.encode(`${wrapped.slice(wrapped.indexOf(':') + 2, wrapped.lastIndexOf('}')).trimEnd()}\n`);
}
