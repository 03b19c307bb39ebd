import { SecError } from '../core/problem.ts';
import { failed, type Unwrapped } from './key.ts';

/**
 * A package that need not be installed.
 *
 * @param loading the import of it, by the one who needs it
 * @throws SecError `package-missing`
 */
export async function packageFor<T>(purpose: string, name: string, loading: Promise<T>): Promise<T> {
  try {
    return await loading;
  } catch (cause) {
    throw new SecError({ code: 'package-missing', name, purpose }, { cause });
  }
}

/** Opens a key, unless the package for it is missing: another key may do then. */
export async function unlessMissing(unwrap: () => Promise<Unwrapped>): Promise<Unwrapped> {
  try {
    return await unwrap();
  } catch (error) {
    if (!(error instanceof SecError) || error.problem.code !== 'package-missing') throw error;
    return failed('unsupported', `the package ${error.problem.name} is not installed`, `npm install ${error.problem.name}`);
  }
}
