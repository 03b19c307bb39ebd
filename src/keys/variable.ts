/** A variable that was given: the name it was found under, for messages, and its text. */
export interface Variable {
  readonly name: string;
  readonly value: string;
}

/**
 * A variable of sops by its bare name, or its twin of ours, which wins: `AGE_KEY` is `SEC_AGE_KEY`, else `SOPS_AGE_KEY`. An empty one
 * counts as not given.
 */
export function variable(env: Readonly<Record<string, string | undefined>>, name: string): Variable | null {
  for (const full of [`SEC_${name}`, `SOPS_${name}`]) {
    const value = env[full];
    if (value !== undefined && value !== '') return { name: full, value };
  }
  return null;
}
