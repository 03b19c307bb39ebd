import { flatRecipients, recipientOf, type FlatKeys, type RecipientKind, type Resolve, type TextRecipient } from './recipients.ts';
import { suggest } from './suggest.ts';
import { hides, show } from './words.ts';

/** Names for recipients, as a configuration gives them. */
export type People = ReadonlyMap<string, readonly TextRecipient[]>;

/** Ends the reading with what is wrong, and the key that it is wrong at. */
export type Refuse = (at: string, what: string) => never;

/** The people of a configuration. Their recipients are written out: a name never stands for another name. */
export function readPeople(data: Readonly<Record<string, FlatKeys>>, refuse: Refuse): People {
  const people = Object.entries(data).map(([name, keys]) => {
    const at = `people.${show(name)}`;
    if (noName.test(name) || hides(name)) refuse(at, 'is no name: it is empty, looks like a recipient, or has a comma or outer spaces');
    return [name, flatRecipients(keys, at, literally(refuse))] as const;
  });
  return new Map(people);
}

/** What an entry of a list stands for where there are names: a person's recipients of that kind, or itself if it looks like one. */
export function byName(people: People, refuse: Refuse): Resolve {
  return (kind, entry, at) => {
    const person = people.get(entry);
    if (person === undefined)
      return looksLike[kind].test(entry) ? literally(refuse)(kind, entry, at) : refuse(at, noSuchPerson(entry, people));
    const own = person.filter((recipient) => recipient.kind === kind);
    return own.length > 0 ? own : refuse(at, `names ${show(entry)}, who has no recipient of that kind under people`);
  };
}

/** Every entry is a recipient as it stands, as in sops. What is none is for the kind of key to refuse. */
export function literally(refuse: Refuse): Resolve {
  return (kind, entry, at) => (hides(entry) ? refuse(at, secretKey) : [recipientOf(kind, entry)]);
}

/** The name of a recipient, or `null` where it has none. `label` is the recipient as people write it. */
export function nameOf(people: People, kind: RecipientKind, label: string): string | null {
  for (const [name, recipients] of people) {
    if (recipients.some((recipient) => recipient.kind === kind && recipient.text === label)) return name;
  }
  return null;
}

const secretKey = 'holds a secret key, not a recipient: take it out, and replace that key if others could read this file';

const noName = /^$|^\s|\s$|[,:/]|^age1|^ssh-|^(0x)?[0-9a-f ]{8,}!?$/i;

/**
 * What tells a recipient from a name. It is loose, for the kind of key knows better; but gpg would find `alice` in anybody's user id, so
 * a name that nobody has must not get there.
 */
const looksLike: Readonly<Record<RecipientKind, RegExp>> = {
  age: /^(age1|ssh-)/i,
  pgp: /^(0x)?[0-9a-f ]{8,}!?$|@/i,
  kms: /^arn:/,
  gcp_kms: /\//,
  hckms: /:/,
  azure_kv: /:\/\//,
  hc_vault: /:\/\//,
};

function noSuchPerson(entry: string, people: People): string {
  if (hides(entry)) return secretKey;
  return `holds ${show(entry)}, which is neither a recipient nor a name under people (${suggest(entry, [...people.keys()])})`;
}
