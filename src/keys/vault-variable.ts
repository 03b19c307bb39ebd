import type { Variable } from './variable.ts';

/** A variable of Vault by its bare name, or of OpenBao where that is not set: `VAULT_ADDR`, else `BAO_ADDR`. An empty one is none. */
export function vaultVariable(env: Readonly<Record<string, string | undefined>>, name: string): Variable | null {
  for (const full of [`VAULT_${name}`, `BAO_${name}`]) {
    const value = env[full];
    if (value !== undefined && value !== '') return { name: full, value };
  }
  return null;
}
