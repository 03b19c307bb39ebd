import { SecError } from '../core/problem.ts';
import { variable } from './variable.ts';

/** In which order the keys of a file are tried. */
export interface DecryptionOrder {
  /** Kinds that come first; the others follow as they stand in the file. */
  readonly kinds: readonly string[];
  /** Whether someone asked for it, so that it holds to the letter. */
  readonly chosen: boolean;
}

const USUAL: DecryptionOrder = { kinds: ['age', 'pgp'], chosen: false };

/**
 * The order by the flag, else by the variable (`sops-format.md` §16). Words are taken as they are, and unknown ones do no harm.
 *
 * @param flag the text of `--decryption-order`, `null` where it was not given
 * @throws SecError `bad-decryption-order` for a word that is there twice
 */
export function decryptionOrder(flag: string | null, env: Readonly<Record<string, string | undefined>>): DecryptionOrder {
  const text = flag ?? variable(env, 'DECRYPTION_ORDER')?.value ?? '';
  if (text === '') return USUAL;
  const kinds = text.split(',');
  const twice = kinds.find((kind, index) => kinds.indexOf(kind) !== index);
  if (twice !== undefined) throw new SecError({ code: 'bad-decryption-order', kind: twice });
  return { kinds, chosen: true };
}

/** Keys in that order; those of one kind, and those of kinds that it does not name, as they stood. */
export function inDecryptionOrder<T extends { readonly kind: string }>(keys: readonly T[], { kinds }: DecryptionOrder): readonly T[] {
  const rank = ({ kind }: T): number => (kinds.includes(kind) ? kinds.indexOf(kind) : kinds.length);
  return [...keys].sort((a, b) => rank(a) - rank(b));
}
