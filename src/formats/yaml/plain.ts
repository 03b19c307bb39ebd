import { parse } from 'yaml';

/** A YAML text as JavaScript values: for configurations, never for secrets. @throws Error of the `yaml` package */
export function parsePlainYaml(text: string): unknown {
  return parse(text, { prettyErrors: true });
}
