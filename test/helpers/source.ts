/** A file of `src/`, by its path from the root of the project. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/**
 * What a file takes from another one or from a package. `value` is loaded with the file, `lazy` by an `import()` when it runs,
 * `type` never.
 */
export interface Import {
  readonly kind: 'value' | 'type' | 'lazy';
  /** A path from the root of the project, or the name as it stands there: `yaml`, `@noble/curves/ed25519.js`, `node:path`. */
  readonly target: string;
  /** What stands between `import` and `from`. */
  readonly names: string;
}

/** All imports and re-exports of a file. An `import()` of anything but a plain text is one of `?`. */
export function importsOf({ path, text }: Source): readonly Import[] {
  const code = withoutOtherTexts(text);
  const found = [...code.matchAll(statement), ...code.matchAll(bareImport), ...code.matchAll(call)].sort((a, b) => a.index - b.index);
  return found.map(({ groups = {} }) => ({
    kind: kindOf(groups),
    target: resolveTarget(path, groups['target'] ?? '?'),
    names: (groups['names'] ?? '').trim(),
  }));
}

/** The code without comments and without the insides of texts and regular expressions. Lines stay where they are. */
export function withoutTexts(text: string): string {
  return text.replaceAll(token, (found) => (found.startsWith('`') ? keepHoles(found) : blank(found)));
}

const statement =
  /^(?:import|export)\s+(?<type>type\s+)?(?<names>[\w$]+(?:\s*,\s*\{[^}]*\})?|\*(?:\s+as\s+[\w$]+)?|\{[^}]*\})\s+from\s+'(?<target>[^']+)'/gm;
const bareImport = /^import\s+'(?<target>[^']+)'/gm;
const call = /(?<typeof>\btypeof\s+)?\b(?<call>import|require)\s*\(\s*(?:'(?<target>[^']+)'\s*[,)])?/g;

const isName = /\b(?:from|import|require)[\s(]*$/;

/** A comment, a text, or a regular expression (a slash where no division can be). */
const token =
  /\/\/[^\n]*|\/\*[^]*?\*\/|'(?:[^'\\\n]|\\[^])*'|"(?:[^"\\\n]|\\[^])*"|`(?:[^`\\]|\\[^])*`|(?<=[(,=:[!&|?{};+\n]\s*|return\s+)\/(?![/*])(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/g;

/** The code without comments and texts, but for the names of what is imported. Lines stay where they are. */
function withoutOtherTexts(text: string): string {
  return text.replaceAll(token, (found, offset: number) =>
    isName.test(text.slice(Math.max(0, offset - 10), offset)) ? found : blank(found),
  );
}

function kindOf(groups: Readonly<Record<string, string | undefined>>): Import['kind'] {
  if (groups['type'] !== undefined || groups['typeof'] !== undefined) return 'type';
  return groups['call'] === 'import' ? 'lazy' : 'value';
}

function resolveTarget(from: string, target: string): string {
  if (!target.startsWith('.')) return target;
  const steps = from.split('/').slice(0, -1);
  for (const step of target.split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '.') steps.push(step);
  }
  return steps.join('/');
}

function blank(text: string): string {
  return text.replaceAll(/[^\n]/g, ' ');
}

/** A template keeps the code in its holes. */
function keepHoles(template: string): string {
  return template.replaceAll(/\$\{([^{}]*)\}|[^\n]/g, (_, hole: string | undefined) => (hole === undefined ? ' ' : `  ${hole} `));
}
