import { combine } from 'shamir-secret-sharing';

import { dataKeyOf } from './by-hand.ts';

/** What the age keys of a file with groups have wrapped: shares, and the data key that they are parts of. `sops-format.md` §16. */
export async function sharesOf(sealed: string, identities: readonly string[]) {
  const shares: Buffer[] = [];
  for (const identity of identities) shares.push(await dataKeyOf(sealed, identity));
  return {
    lengths: shares.map(({ length }) => length),
    last: shares.map((share) => share.at(-1)),
    secret: await combine(shares.map((share) => Uint8Array.from(share))),
  };
}
