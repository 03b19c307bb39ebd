/** What is said of each text of `texts.ts` that is refused, with the status of `encrypt`. All others come back byte for byte. */
export const refusals: readonly { readonly status: number; readonly said: string; readonly names: readonly string[] }[] = [
  {
    status: 2,
    said: 'f.yaml: not valid YAML: it is not UTF-8',
    names: [
      'a YAML value that is not UTF-8',
      'a YAML comment that is not UTF-8',
      'a YAML key that is not UTF-8',
      'an overlong slash',
      'half a surrogate pair as bytes',
      'YAML in UTF-16',
    ],
  },
  {
    status: 2,
    said: 'f.json: not valid JSON: bytes that are not UTF-8',
    names: ['a JSON value that is not UTF-8', 'JSON in UTF-16'],
  },
  {
    status: 2,
    said: 'f.env, line 1: not valid .env: a key that is not UTF-8',
    names: ['a .env key that is not UTF-8'],
  },
  {
    status: 2,
    said: 'f.env, line 1: not valid .env: a comment that is not UTF-8',
    names: ['a .env comment that is not UTF-8'],
  },
  {
    status: 2,
    said: 'f.ini, line 2: not valid INI: a key that is not UTF-8',
    names: ['an INI key that is not UTF-8'],
  },
  {
    status: 2,
    said: 'f.ini, line 1: not valid INI: the name of a section that is not UTF-8',
    names: ['an INI section that is not UTF-8'],
  },
  {
    status: 2,
    said: 'f.yaml, line 1: not valid YAML: a control character stands there: write it as an escape in double quotes',
    names: [
      'NUL in a plain YAML value',
      'NUL in a YAML comment',
      'DEL in YAML',
      'U+FFFF in YAML',
      'form feed in a plain YAML value',
      'form feed between double quotes',
      'form feed between single quotes',
      'form feed in a YAML value in the clear',
      'form feed in a YAML comment',
      'form feed in a YAML key',
      'vertical tab in a plain YAML value',
      'vertical tab between double quotes',
      'vertical tab between single quotes',
      'vertical tab in a YAML value in the clear',
      'vertical tab in a YAML comment',
      'vertical tab in a YAML key',
    ],
  },
  {
    status: 2,
    said: 'f.json, line 1: not valid JSON: a control character in a string',
    names: ['NUL in JSON', 'form feed in JSON', 'vertical tab in JSON'],
  },
  {
    status: 2,
    said: 'f.json, line 1: not valid JSON: half of a surrogate pair, which is no character',
    names: ['half a surrogate pair in a JSON value', 'half a surrogate pair in a JSON key'],
  },
  {
    status: 2,
    said: 'f.yaml, line 1: not valid YAML: its double quotes do not end, or an escape in them is not known',
    names: ['half a surrogate pair in a YAML value', 'half a surrogate pair in a YAML key', 'a surrogate pair in YAML'],
  },
  {
    status: 2,
    said: 'f.yaml, line 1: not valid YAML: an escape in double quotes is not known',
    names: ['a character beyond all in YAML'],
  },
  {
    status: 2,
    said: 'f.yaml, line 2: the key a is there a second time',
    names: ['a YAML key twice', 'a YAML key twice, once in quotes', 'a YAML key twice in a list'],
  },
  {
    status: 2,
    said: 'f.yaml, line 4: the key << is there a second time',
    names: ['a merge key twice'],
  },
  {
    status: 23,
    said: 'f.yaml: line 1 cannot be encrypted: only a text can be a key: quote "1"',
    names: ['a number and a text as the same key'],
  },
  {
    status: 2,
    said: 'f.ini, line 3: the key k is there a second time',
    names: ['an INI key twice'],
  },
  {
    status: 2,
    said: 'f.yaml, line 1: not valid YAML: it has two byte order marks',
    names: ['two byte order marks before YAML'],
  },
  {
    status: 2,
    said: 'f.json, line 1: not valid JSON: a byte order mark',
    names: ['a byte order mark before JSON'],
  },
  {
    status: 2,
    said: 'f.yaml, line 1: not valid YAML: a carriage return stands without its line feed',
    names: ['CR alone in YAML', 'CR alone in a YAML comment'],
  },
  {
    status: 2,
    said: 'f.ini, line 1: not valid INI: text behind the name of a section',
    names: ['CR alone in INI'],
  },
  {
    status: 23,
    said: 'f.yaml: a_unencrypted cannot be encrypted: it holds a U+0085, U+2028 or U+2029, which sops reads as a line break',
    names: ['U+2028 in a YAML value in the clear', 'U+2029 in a YAML value in the clear', 'NEL in a YAML value in the clear'],
  },
  {
    status: 23,
    said: 'f.yaml: line 1 cannot be encrypted: a key holds a line break of its own kind',
    names: ['U+2028 in a YAML key', 'U+2029 in a YAML key', 'NEL in a YAML key'],
  },
  {
    status: 2,
    said: 'f.yaml, line 2: not valid YAML: a control character stands there: write it as an escape in double quotes',
    names: [
      'form feed in a YAML block',
      'form feed in a comment of a YAML list',
      'vertical tab in a YAML block',
      'vertical tab in a comment of a YAML list',
    ],
  },
];
