import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** The files of `test/corpus`, which the real sops wrote for other projects. */

const outcome = z.object({ exit: z.number(), plaintext: z.string().optional(), why: z.string().optional() });

const entry = z.object({
  file: z.string(),
  sha256: z.string(),
  tier: z.string(),
  format: z.enum(['yaml', 'json', 'dotenv', 'ini', 'binary']),
  args: z.array(z.string()),
  key_kinds: z.array(z.string()).default([]),
  expected: outcome.extend({ or: outcome.optional(), quirk: z.boolean().optional() }),
});

/** One run of `decrypt`: what is opened, and what sops makes of it. */
export type CorpusEntry = z.infer<typeof entry>;
export type CorpusOutcome = z.infer<typeof outcome>;

const folder = fileURLToPath(new URL('../corpus/', import.meta.url));

export function corpusEntries(): readonly CorpusEntry[] {
  return z.array(entry).parse(JSON.parse(readFileSync(corpusPath('manifest.json'), 'utf8')));
}

export function corpusPath(name: string): string {
  return join(folder, name);
}

/** The bytes that a run prints. */
export function outputOf({ plaintext }: CorpusOutcome): Buffer {
  return plaintext === undefined ? Buffer.alloc(0) : readFileSync(corpusPath(plaintext));
}

/** Full paths of all key files of a kind. */
export function corpusKeys(kind: 'age' | 'pgp' | 'ssh'): readonly string[] {
  return readdirSync(corpusPath(`keys/${kind}`)).map((name) => corpusPath(`keys/${kind}/${name}`));
}
