/** Changes of single fields of a metadata block, as a person with an editor makes them. */
export interface MetadataEdits {
  /** Another value for a field; `null` takes it away. */
  set(sealed: string, field: string, value: string | null): string;
  /** The value is JSON. */
  add(sealed: string, field: string, value: string): string;
  rename(sealed: string, field: string, name: string): string;
  /** Takes the whole block away. */
  drop(sealed: string): string;
}

export const yamlEdits: MetadataEdits = {
  set: (sealed, field, value) =>
    sealed.replace(new RegExp(`^    ${field}: .*\n`, 'm'), value === null ? '' : `    ${field}: ${JSON.stringify(value)}\n`),
  add: (sealed, field, value) => sealed.replace(/^sops:\n/m, `$&    ${field}: ${value}\n`),
  rename: (sealed, field, name) => sealed.replace(`\n    ${field}:`, `\n    ${name}:`),
  drop: (sealed) => sealed.replace(/^sops:\n(?: .*\n)*/m, ''),
};

export const dotenvEdits: MetadataEdits = {
  set: (sealed, field, value) => sealed.replace(new RegExp(`^sops_${field}=.*\n`, 'm'), value === null ? '' : `sops_${field}=${value}\n`),
  add: (sealed, field, value) => `${sealed}sops_${field}=${unquoted(value)}\n`,
  rename: (sealed, field, name) => sealed.replace(`\nsops_${field}=`, `\nsops_${name}=`),
  drop: (sealed) => sealed.replaceAll(/^sops_.*\n/gm, ''),
};

export const iniEdits: MetadataEdits = {
  set: (sealed, field, value) => sealed.replace(new RegExp(`^${field} .*\n`, 'm'), value === null ? '' : `${field} = ${value}\n`),
  add: (sealed, field, value) => sealed.replace('[sops]\n', `$&${field} = ${unquoted(value)}\n`),
  rename: (sealed, field, name) => sealed.replace(new RegExp(`^${field} `, 'm'), `${name} `),
  drop: (sealed) => sealed.replace(/\n\[sops\]\n[^]*$/, ''),
};

function unquoted(value: string): string {
  return value.replace(/^"|"$/g, '');
}

type Fields = Record<string, unknown>;

/** The text is printed with an indentation of its own, which is what it had. */
export function jsonEdits(indent: string): MetadataEdits {
  const edit = (sealed: string, change: (sops: Fields) => Fields | undefined): string => {
    const document = JSON.parse(sealed) as Fields & { readonly sops: Fields };
    return `${JSON.stringify({ ...document, sops: change(document.sops) }, null, indent)}\n`;
  };
  return {
    set: (sealed, field, value) => edit(sealed, (sops) => ({ ...sops, [field]: value ?? undefined })),
    add: (sealed, field, value) => edit(sealed, (sops) => ({ ...sops, [field]: JSON.parse(value) as unknown })),
    rename: (sealed, field, name) =>
      edit(sealed, (sops) => Object.fromEntries(Object.entries(sops).map(([key, value]) => [key === field ? name : key, value]))),
    drop: (sealed) => edit(sealed, () => undefined),
  };
}
