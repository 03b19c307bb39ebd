import type * as z from 'zod';
import type { Refuse } from './people.ts';
import { configSchema, type ConfigData } from './schema.ts';
import { kindOf, show } from './words.ts';

/**
 * Checks the shape of a configuration's data. Keys without a value count as not given.
 *
 * @throws what `refuse` throws, about the first thing that is wrong
 */
export function checkShape(data: unknown, dialect: 'sec' | 'sops', refuse: Refuse): ConfigData {
  const given = withoutNulls(data, refuse) ?? {};
  const schema = configSchema(dialect === 'sec' ? 'refuse' : 'ignore');
  const result = schema.safeParse(dialect === 'sec' ? given : withoutAdditions(given));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  if (issue === undefined) throw result.error;
  return describe(issue, given, refuse);
}

function describe(issue: z.core.$ZodIssue, data: unknown, refuse: Refuse): never {
  if (issue.code !== 'unrecognized_keys')
    return refuse(written(issue.path), `must be ${issue.message}, not ${kindOf(valueAt(data, issue.path))}`);
  const key = issue.keys[0] ?? '';
  return refuse(written([...issue.path, key]), `is not known: ${issue.message}`);
}

/** `['creation_rules', 0, 'age']` as `creation_rules[0].age`. */
function written(path: readonly PropertyKey[]): string {
  const steps = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${show(String(step))}`));
  return steps.length === 0 ? 'the whole file' : steps.join('').slice(1);
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, step) => (isObject(value) ? Reflect.get(value, step) : undefined), data);
}

/** An alias may lead in a circle, and no setting is nested deeply. */
const maxDepth = 50;

function withoutNulls(value: unknown, refuse: Refuse, depth = 0): unknown {
  if (depth > maxDepth) refuse('the whole file', `must not be nested deeper than ${maxDepth}`);
  if (Array.isArray(value)) return value.map((item) => withoutNulls(item, refuse, depth + 1));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (inner === null ? [] : [[key, withoutNulls(inner, refuse, depth + 1)]])),
  );
}

/** What sops does not know it does not check, so a file of its own may use our words for something else. */
function withoutAdditions(value: unknown): unknown {
  if (!isObject(value) || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => !['people', 'exec', 'keys', 'audit'].includes(key)));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
