import { describe, expect, test } from 'vitest';
import { alice, bob, sec } from '../helpers/sec.ts';

const env = { SOPS_AGE_KEY: alice.identity };
const rules = `creation_rules:\n  - path_regex: ^prod/.*\\.yaml$\n    age: ${alice.recipient}\n  - age: ${bob.recipient}\n`;

/** What stands in `secrets`, which says nothing by its name, sealed as if it were `prod/app.yaml`. */
async function sealed(): Promise<string> {
  const { status, out } = await sec(['encrypt', '--as', 'prod/app.yaml', 'secrets'], { secrets: 'a: x\n', '.secretsrc.yaml': rules });
  expect(status).toBe(0);
  return out;
}

describe('--as', () => {
  test('decides on the rule and on the format of a new file', async () => {
    const text = await sealed();
    expect(text).toMatch(/^a: ENC\[/);
    expect([text.includes(alice.recipient), text.includes(bob.recipient)]).toEqual([true, false]);
  });

  test('stands for the name of standard input', async () => {
    const { out } = await sec(['encrypt', '--as', 'prod/app.yaml'], { '.secretsrc.yaml': rules }, { input: 'a: x\n' });
    expect(out).toMatch(/^a: ENC\[/);
  });

  test.each([
    ['decrypt', ['decrypt', '--as', 'x.yaml', 'secrets'], 'a: x\n'],
    ['get', ['get', '--as', 'x.yaml', 'secrets', 'a'], 'x'],
    ['ls', ['ls', '--as', 'x.yaml', 'secrets'], 'a\n'],
    ['filestatus', ['filestatus', '--as', 'x.yaml', 'secrets'], '{"encrypted":true}\n'],
  ])('decides how %s reads', async (_, args, out) => {
    expect(await sec(args, { secrets: await sealed() }, { env })).toMatchObject({ status: 0, out });
  });

  test.each([
    ['set', ['set', '--as', 'x.yaml', 'secrets', 'a', '"w"'], 'a: w\n'],
    ['unset', ['unset', '--as', 'x.yaml', 'secrets', 'a'], '{}\n'],
    ['edit', ['edit', '--as', 'x.yaml', 'secrets'], 'a: x\nb: z\n'],
    ['rotate', ['rotate', '-i', '--as', 'x.yaml', 'secrets'], 'a: x\n'],
  ])('decides how %s reads and writes', async (_, args, plain) => {
    const editor = { EDITOR: `sh -c 'printf "b: z\\n" >> "$0"'` };
    const { status, files } = await sec(args, { secrets: await sealed() }, { env: { ...env, ...editor } });
    const after = await sec(['decrypt', '--as', 'x.yaml', 'secrets'], { secrets: files['secrets'] ?? '' }, { env });
    expect({ status, plain: after.out }).toEqual({ status: 0, plain });
  });

  test('decides on format and rule of a file that edit begins', async () => {
    const editor = { EDITOR: `sh -c 'printf "b: z\\n" > "$0"'` };
    const { files } = await sec(['edit', '--as', 'prod/new.yaml', 'secrets'], { '.secretsrc.yaml': rules }, { env: { ...env, ...editor } });
    expect(files['secrets']).toMatch(/^b: ENC\[/);
    expect(files['secrets']).toContain(alice.recipient);
  });
});
