import type { Cases, Pending } from './case.ts';
import { changeCases } from './change-cases.ts';
import { flatCases } from './flat-cases.ts';
import { jsonCases } from './json-cases.ts';
import { keyCases } from './key-cases.ts';
import { cipherPitfalls } from './pitfalls-cipher.ts';
import { flatPitfalls } from './pitfalls-flat.ts';
import { metadataPitfalls } from './pitfalls-metadata.ts';
import { selectionPitfalls } from './pitfalls-selection.ts';
import { yamlPitfalls } from './pitfalls-yaml.ts';
import { selectionCases } from './selection-cases.ts';
import { yamlCases } from './yaml-cases.ts';

/** The 74 pitfalls of `sops-format.md` §21, by number. */
export const pitfalls: Cases = { ...cipherPitfalls, ...selectionPitfalls, ...yamlPitfalls, ...flatPitfalls, ...metadataPitfalls };

/** The 98 cases of `sops-format.md` §22, by their names. */
export const cases: Cases = { ...yamlCases, ...jsonCases, ...flatCases, ...selectionCases, ...keyCases, ...changeCases };

/** What of them only a server or another program can show. The tests that are named have it. */
export const pending: Readonly<Record<string, Pending>> = {
  65: { about: 'how PGP, AWS, Google, Azure, Vault and Huawei end what they wrap', needs: 'their programs and servers: test/keys' },
};
