import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readPage, type Page } from '../helpers/markdown.ts';
import { need } from '../helpers/need.ts';
import { run } from '../helpers/run.ts';
import { builtSec, makeWorld, type FileTexts, type World } from '../helpers/sec.ts';
import { isAsShown, runStep, stepsOf } from '../helpers/transcript.ts';

const readme = readPage('README.md');

test('the README shows the whole use in at most eight lines', () => {
  const transcript = /```console\n([^]*?)```/.exec(readme.text)?.[1] ?? '';
  const lines = transcript.trimEnd().split('\n').length;
  expect({ some: lines > 1, atMostEight: lines <= 8 }).toEqual({ some: true, atMostEight: true });
});

/** What a person would type into the editor. */
const typed = 'db:\n  user: shop\n  password: "correct horse" # since May\n';

describe.skipIf(!need('git'))('every command', () => {
  test('of the README does what it shows, in an empty folder', async () => {
    const world = worldOfPerson({
      'app.js': 'console.log(`port ${process.env.DB_PORT} as ${process.env.DB_USER}`);\n',
      '.env': 'API_KEY=change-me   # from the console of the provider\n',
    });
    await run('git', ['init', '--quiet'], { cwd: world.work, env: world.env });
    expect(await wrongSteps(readme, world)).toEqual([]);
  });

  test('that the examples are shown with works on them', async () => {
    const root = join(import.meta.dirname, '..', '..');
    const examples = readdirSync(join(root, 'docs', 'examples')).map((name) => `docs/examples/${name}`);
    const files = ['.secretsrc.yaml', ...examples].map((path) => [path, readFileSync(join(root, path), 'utf8')] as const);
    const page = readPage('docs/examples/README.md');
    const world = worldOfPerson(Object.fromEntries(files));
    expect(stepsOf(page)[0]).toEqual({ command: 'export SEC_AGE_KEY_FILE=docs/examples/key.txt', output: '' });
    expect(await wrongSteps(page, { ...world, env: { ...world.env, SEC_AGE_KEY_FILE: 'docs/examples/key.txt' } })).toEqual([]);
  });
});

/** A folder in which `sec` is the built program, and the editor types for a person. */
function worldOfPerson(files: FileTexts): World {
  const world = makeWorld(files);
  const [bin, editor] = [join(world.root, 'sec'), join(world.root, 'editor')];
  writeFileSync(bin, `#!/bin/sh\nexec '${process.execPath}' '${builtSec()}' "$@"\n`, { mode: 0o755 });
  writeFileSync(editor, `#!/bin/sh\ncat > "$1" <<'END'\n${typed}END\n`, { mode: 0o755 });
  const name = {
    GIT_AUTHOR_NAME: 'me',
    GIT_COMMITTER_NAME: 'me',
    GIT_AUTHOR_EMAIL: 'me@example.com',
    GIT_COMMITTER_EMAIL: 'me@example.com',
  };
  const noSettings = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  const path = [world.root, process.env['PATH'] ?? ''].join(delimiter);
  return { ...world, env: { ...world.env, ...name, ...noSettings, PATH: path, EDITOR: editor, USER: 'me' } };
}

/** The commands of a page that fail, or print something else than it shows, with what they print. */
async function wrongSteps(page: Page, world: World): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const step of stepsOf(page)) {
    const { status, output } = await runStep(step, world);
    const isRight = status === 0 && (step.output === '' || isAsShown(output, step.output));
    if (!isRight) wrong.push(`$ ${step.command}\nstatus ${status}\n${output}`);
  }
  return wrong;
}

test('a text that is not as shown is seen', () => {
  const outputs = ['a: 1\nend\n', 'a: 1\nb\nc\nend\n', 'a: 1\nb\n', 'a: 1 end\n'];
  expect(outputs.map((output) => isAsShown(output, 'a: …\n…\nend\n'))).toEqual([true, true, false, false]);
});
