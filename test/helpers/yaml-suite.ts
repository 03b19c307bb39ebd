import { readFileSync } from 'node:fs';
import { z } from 'zod';

const suiteCase = z.object({ id: z.string(), name: z.string(), error: z.boolean(), yaml: z.string() });

/** A text of the YAML test suite; `error`: it is not YAML. */
export type YamlCase = z.infer<typeof suiteCase>;

export function yamlCases(): readonly YamlCase[] {
  const text = readFileSync(new URL('../vectors/yaml-test-suite/cases.json', import.meta.url), 'utf8');
  return z.array(suiteCase).parse(JSON.parse(text));
}

/** The keys of a table that has the ids of many cases in one text, by id. */
export function byId(table: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(table).flatMap(([what, ids]) =>
      ids
        .trim()
        .split(/\s+/)
        .map((id) => [id, what] as const),
    ),
  );
}
