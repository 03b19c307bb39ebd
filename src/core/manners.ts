/**
 * What differs between the two names of the program. Called `sec`, it does what we think best; called `sops`, by a link or by
 * `SEC_AS=sops`, it does what sops does, but for what would lose or expose data (`docs/sops.md`). Nothing else asks for the name.
 */
export interface Manners {
  readonly name: 'sec' | 'sops';
  /** Whether command lines are read as sops reads them, word for word. */
  readonly readsLinesAsSops: boolean;
  /** Whether problems are told in sops's words where it has some. */
  readonly speaksAsSops: boolean;
  /** Whether a file may be locked for recipients that its rule does not name. */
  readonly trustsFileRecipients: boolean;
  /** Whether a file keeps its data key where somebody is taken out who may know it. */
  readonly keepsDataKey: boolean;
  /** Whether it is told what was done, and what stays readable. */
  readonly reports: boolean;
  /** Whether the configuration is the `.sops.yaml` of the working folder or above, wherever the file is. */
  readonly configOfFolderOnly: boolean;
  /** Whether an encrypted file can be encrypted, for what was added to it. */
  readonly encryptsRest: boolean;
  /** Whether the name alone says what a file is, though it looks encrypted in another format. */
  readonly believesNames: boolean;
  /** Whether a file may have nothing but values in the clear, unless somebody says that it may. */
  readonly refusesAllClear: boolean;
  /** Whether a file is written anew though nothing in it has changed. */
  readonly rewritesEqual: boolean;
  /** Whether paths and values are what they are to sops (`sops-cli.md` §14). */
  readonly valuesAsSops: boolean;
}

const sec: Manners = {
  name: 'sec',
  readsLinesAsSops: false,
  speaksAsSops: false,
  trustsFileRecipients: false,
  keepsDataKey: false,
  reports: true,
  configOfFolderOnly: false,
  encryptsRest: true,
  believesNames: false,
  refusesAllClear: true,
  rewritesEqual: false,
  valuesAsSops: false,
};

const sops: Manners = {
  name: 'sops',
  readsLinesAsSops: true,
  speaksAsSops: true,
  trustsFileRecipients: true,
  keepsDataKey: true,
  reports: false,
  configOfFolderOnly: true,
  encryptsRest: false,
  believesNames: true,
  refusesAllClear: false,
  rewritesEqual: true,
  valuesAsSops: true,
};

/** The manners of a name. */
export function mannersOf(name: Manners['name'] | undefined): Manners {
  return name === 'sops' ? sops : sec;
}

/** The name by which we were called. @param program the path of the program, as it was called */
export function calledAs(program: string, env: Readonly<Record<string, string | undefined>>): Manners['name'] {
  const said = env['SEC_AS'] ?? '';
  if (said === 'sops' || said === 'sec') return said;
  return /(?:^|[/\\])sops(?:\.(?:exe|cjs))?$/i.test(program) ? 'sops' : 'sec';
}
