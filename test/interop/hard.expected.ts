const alone = 'sops alone takes it';
const ours = 'sec alone takes it, and sops opens it';
const other = 'sops opens ours to other values';

/** Line breaks to the YAML library of sops, and characters like any other to YAML 1.2 and to us (`docs/sops.md`). */
const foreignBreaks = ['U+2028', 'U+2029', 'NEL'].flatMap((sign): (readonly [string, string])[] => [
  [`${sign} in a plain YAML value`, ours],
  [`${sign} in a YAML block`, ours],
  [`${sign} in a YAML comment`, ours],
  [`${sign} in a comment of a YAML list`, ours],
  [`${sign} in a YAML value in the clear`, alone],
]);

/** Where sops and sec differ over the texts and the keys of `test/hard/texts.ts`. Where we refuse, sops would lose or change something. */
export const differences: {
  readonly texts: Readonly<Record<string, string>>;
  readonly keys: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly keysOf3122: Readonly<Record<string, Readonly<Record<string, string>>>>;
} = {
  texts: {
    ...Object.fromEntries(foreignBreaks),
    'NEL between double quotes': other,
    'NEL between single quotes': other,
    'a JSON value that is not UTF-8': alone,
    'a .env key that is not UTF-8': alone,
    'a .env comment that is not UTF-8': alone,
    'an INI key that is not UTF-8': alone,
    'an INI section that is not UTF-8': alone,
    'YAML in UTF-16': alone,
    'half a surrogate pair in a JSON value': alone,
    'half a surrogate pair in a JSON key': alone,
    'an INI key twice': alone,
    'two byte order marks before YAML': alone,
    // It is no part of the first key to us.
    'a byte order mark before .env': other,
    'CR alone in YAML': alone,
    'CR alone in INI': alone,
  },
  // What sops writes for these keys it reads as another key, as several, or not at all.
  keys: {
    ' ': { ini: alone },
    ' a': { ini: alone },
    'a ': { ini: alone },
    '\u00A0': { ini: alone },
    '-': { ini: alone },
    '#a': { dotenv: alone, ini: 'sops opens only ours' },
    ';a': { ini: 'sops opens only ours' },
    '[a]': { ini: 'sops opens only ours' },
    '=': { dotenv: alone },
    'a=b': { dotenv: alone },
    'a\nb': { dotenv: alone, ini: alone },
    '<<': { yaml: 'sops opens only ours' },
  },
  // That release takes it for the block.
  keysOf3122: { Sops: { json: 'sops opens neither' } },
};
